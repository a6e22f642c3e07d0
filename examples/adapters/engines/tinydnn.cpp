/* SPDX-License-Identifier: MIT
 *
 * Plays tiny-dnn: trains a network of two dropout layers on batches of several sizes, as its
 * trainer does: forward, backward, update. A sample is a vector of its own; layers run on several
 * threads.
 */
#include "tinydnn_dropout.h"

extern "C" {
#include "check.h"
}
#include <cmath>
#include <cstring>

using namespace tiny_dnn;
typedef tiny_dnn::float_t real; /* <cmath> has a float_t, too */

static const size_t WIDTH = 7, HEIGHT = 5, MAPS = 6, MAP = WIDTH * HEIGHT, SAMPLE = MAPS * MAP;
static const double RATE = 0.5; /* the scale is exact in float and in double */

static tensor_t batch_of(size_t samples, real first) {
    tensor_t batch(samples, vec_t(SAMPLE));
    for (size_t i = 0; i < samples * SAMPLE; i++)
        batch[i / SAMPLE][i % SAMPLE] = first + static_cast<real>(i % 251);
    return batch;
}

/* batch times the mask of the whole batch, from what the user gives and the trainer counts. */
static tensor_t drop_by_hand(tensor_t batch, planedrop_layer::kind kind, planedrop_rng rng) {
    const uint64_t samples = batch.size(), each = kind == planedrop_layer::spatial ? MAP : 1;
    const planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, samples, SAMPLE / each, 1, RATE);
    std::vector<float> multipliers(samples * SAMPLE / each);
    draw(multipliers.data(), &desc, rng);
    for (size_t i = 0; i < samples * SAMPLE; i++) {
        real &value = batch[i / SAMPLE][i % SAMPLE];
        value = multipliers[i / each] == 0 ? 0 : value * multipliers[i / each];
    }
    return batch;
}

static void forward(layer &l, tensor_t &x, tensor_t &y) {
    y.assign(x.size(), vec_t(SAMPLE));
    const std::vector<tensor_t *> in = {&x};
    std::vector<tensor_t *> out = {&y};
    l.forward_propagation(in, out);
}

static void backward(layer &l, tensor_t &dy, tensor_t &dx) {
    dx.assign(dy.size(), vec_t(SAMPLE, NAN)); /* tiny-dnn's layers assign, they do not add */
    const std::vector<tensor_t *> unused;
    std::vector<tensor_t *> out = {&dy}, in = {&dx};
    l.back_propagation(unused, unused, out, in);
}

static void train(size_t threads) {
    planedrop_layer spatial(planedrop_layer::spatial, RATE, 11, shape3d(WIDTH, HEIGHT, MAPS));
    planedrop_layer elementwise(planedrop_layer::elementwise, RATE, 12);
    elementwise.set_in_shape(spatial.out_shape()[0]);
    spatial.threads = elementwise.threads = threads;
    for (uint64_t step = 0; step < 5; step++) {
        tensor_t x = batch_of(step + 1, 1), y, z, dz = batch_of(step + 1, 3), dy, dx;
        const planedrop_rng first = {11, step}, second = {12, step};
        for (int again = 0; again < 2; again++) { /* no other mask before the update */
            forward(spatial, x, y);
            forward(elementwise, y, z);
            check(y == drop_by_hand(x, planedrop_layer::spatial, first), "forward drops maps");
            check(z == drop_by_hand(y, planedrop_layer::elementwise, second), "and elements");
        }
        backward(elementwise, dz, dy);
        backward(spatial, dy, dx);
        check(dy == drop_by_hand(dz, planedrop_layer::elementwise, second), "backward, elements");
        check(dx == drop_by_hand(dy, planedrop_layer::spatial, first), "backward, maps");
        spatial.post_update();
        elementwise.post_update();
    }
    check(spatial.step() == 5, "an update is a step");

    tensor_t x = batch_of(3, 1), y, z;
    spatial.set_context(net_phase::test);
    forward(spatial, x, y);
    check(y == x, "nothing is dropped in the test phase");
    spatial.set_context(net_phase::train);
    spatial.set_step(2);
    forward(spatial, x, z);
    const planedrop_rng rng = {11, 2};
    check(z == drop_by_hand(x, planedrop_layer::spatial, rng), "a step again");
}

/* Calls the constructor, which must throw an nn_error with `text` in its message. */
static void refused(planedrop_layer::kind kind, double rate, const shape3d &shape,
                    const char *text) {
    try {
        planedrop_layer refused(kind, static_cast<real>(rate), 1, shape);
    } catch (const nn_error &error) {
        check(std::strstr(error.what(), text) != NULL, "the error says what is wrong");
        return;
    }
    check(0, text);
}

/* Archives that keep values as doubles, and the names of types as strings. */
struct output_archive {
    std::vector<double> values;
    std::vector<std::string> names;

    void operator()(const std::string &name) { names.push_back(name); }
    void operator()(const cereal::NameValuePair<const planedrop_layer &> &pair) {
        serialize(*this, const_cast<planedrop_layer &>(pair.value));
    }
    template <class... T> void operator()(const T &...members) {
        values = {static_cast<double>(members)...};
    }
};

struct input_archive {
    std::vector<double> values;
    std::vector<std::string> names;
    size_t next;

    void operator()(const std::string &name) { check(name == names.at(0), "the type that was"); }
    template <class... T> void operator()(T &...members) {
        next = 0;
        const int in_order[] = {read(members)...};
        (void)in_order;
    }
    template <class T> int read(T &member) {
        member = static_cast<T>(values.at(next++));
        return 0;
    }
};

static void save_and_load() {
    register_planedrop_layer<output_archive, input_archive>();
    planedrop_layer saved(planedrop_layer::spatial, RATE, 11, shape3d(WIDTH, HEIGHT, MAPS));
    saved.set_step(4);
    output_archive out;
    serialization_helper<output_archive>::get_instance().savers.at("planedrop")(out, &saved);
    input_archive in = {out.values, out.names, 0};
    const std::shared_ptr<layer> loaded =
        deserialization_helper<input_archive>::get_instance().loaders.at("planedrop")(in);
    loaded->serialize_prolog(in); /* as when weights alone are loaded */
    tensor_t x = batch_of(3, 1), y;
    const planedrop_rng rng = {11, 4};
    forward(*loaded, x, y);
    check(y == drop_by_hand(x, planedrop_layer::spatial, rng), "a loaded layer has the mask");
}

int main() {
    save_and_load();
    for (size_t threads = 1; threads <= 3; threads++)
        train(threads);
    refused(planedrop_layer::elementwise, 1.5, shape3d(), "rate");
    refused(planedrop_layer::elementwise, NAN, shape3d(), "rate");
    refused(planedrop_layer::spatial, 0.5, shape3d(SAMPLE, 1, 1), "more than one map");
    return 0;
}
