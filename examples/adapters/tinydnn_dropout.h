/* SPDX-License-Identifier: MIT
 *
 * Dropout as a layer of tiny-dnn. tiny-dnn holds a batch as a vector for each sample and works on
 * samples in parallel, so each sample is a window of the batch's mask. Backward draws it again.
 */
#ifndef TINYDNN_DROPOUT_H
#define TINYDNN_DROPOUT_H

#include "tiny_dnn/tiny_dnn.h"
#include <planedrop/planedrop.h>

namespace tiny_dnn {

class planedrop_layer : public layer {
  public:
    enum kind { elementwise, spatial };

    /* seed: another one for each layer of a network. shape: for a first layer; any other takes its
     * predecessor's. Throws nn_error: a rate outside [0, 1], spatial dropout of a single map. */
    planedrop_layer(kind what, float_t rate, uint64_t seed, const shape3d &shape = shape3d())
        : layer({vector_type::data}, {vector_type::data}), what_(what), rate_(rate), seed_(seed),
          step_(0), phase_(net_phase::train) {
        const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 1, rate);
        planedrop_plan plan;
        check(planedrop_plan_init(&plan, &desc));
        set_in_shape(shape);
    }

    /* The number of the step is the mask's offset. It rises when the optimizer has updated. */
    uint64_t step() const { return step_; }
    void set_step(uint64_t step) { step_ = step; }
    void post_update() override { step_++; }

    void set_context(net_phase phase) override { phase_ = phase; }
    std::string layer_type() const override { return "planedrop"; }
    std::vector<shape3d> in_shape() const override { return {shape_}; }
    std::vector<shape3d> out_shape() const override { return {shape_}; }
    void set_in_shape(const shape3d &shape) override {
        if (what_ == spatial && shape.depth_ == 1)
            throw nn_error("spatial dropout needs more than one map: use elementwise");
        shape_ = shape;
    }

    void forward_propagation(const std::vector<tensor_t *> &in_data,
                             std::vector<tensor_t *> &out_data) override {
        drop(*in_data[0], *out_data[0]);
    }

    void back_propagation(const std::vector<tensor_t *> &, const std::vector<tensor_t *> &,
                          std::vector<tensor_t *> &out_grad,
                          std::vector<tensor_t *> &in_grad) override {
        drop(*out_grad[0], *in_grad[0]);
    }

    template <class Archive> void serialize_members(Archive &archive) {
        archive(what_, rate_, seed_, step_, shape_.width_, shape_.height_, shape_.depth_);
    }

  private:
    static void check(planedrop_status status) {
        if (status != PLANEDROP_OK)
            throw nn_error(std::string("dropout: ") + planedrop_status_string(status));
    }

    void drop(const tensor_t &x, tensor_t &y) {
        const bool train = phase_ == net_phase::train; /* otherwise rate 0: a copy */
        planedrop_desc desc =
            planedrop_desc_nchw(sizeof(float_t) == 8 ? PLANEDROP_F64 : PLANEDROP_F32, 1,
                                shape_.depth_, shape_.area(), train ? rate_ : 0);
        if (what_ == elementwise)
            desc.noise[2] = desc.dims[2];
        desc.global_noise[1] = desc.noise[1], desc.global_noise[2] = desc.noise[2];
        const planedrop_rng rng = {seed_, step_};
        planedrop_status status = PLANEDROP_OK;
        for_i(x.size(), [&](size_t sample) {
            planedrop_desc window = desc;
            window.window_start[0] = sample, window.global_noise[0] = sample + 1;
            const planedrop_status result =
                planedrop_desc_forward(&window, rng, x[sample].data(), y[sample].data());
            if (sample == 0)
                status = result; /* an exception would not leave the thread */
        });
        check(status);
    }

    kind what_;
    float_t rate_;
    uint64_t seed_, step_;
    net_phase phase_;
    shape3d shape_;
};

template <class Archive> void serialize(Archive &archive, planedrop_layer &l) {
    l.serialize_prolog(archive);
    l.serialize_members(archive);
}

/* Without it network::save and network::load refuse a network that has such a layer. To be called
 * once for each file format in use: for the default, file_format::binary,
 * register_planedrop_layer<cereal::BinaryOutputArchive, cereal::BinaryInputArchive>(). */
template <class Output, class Input> void register_planedrop_layer() {
    const std::string name = "planedrop";
    serialization_helper<Input>::get_instance().template register_type<planedrop_layer>(name);
    auto &savers = serialization_helper<Output>::get_instance();
    savers.template register_type<planedrop_layer>(name);
    savers.register_saver(name, [](Output &archive, const layer *l) {
        archive(cereal::make_nvp("planedrop", *dynamic_cast<const planedrop_layer *>(l)));
    });
    deserialization_helper<Input>::get_instance().register_loader(name, [](Input &archive) {
        auto l = std::make_shared<planedrop_layer>(planedrop_layer::elementwise, float_t(0), 0u);
        l->serialize_members(archive);
        return l;
    });
}

} // namespace tiny_dnn

#endif
