/* SPDX-License-Identifier: MIT
 *
 * Plays ncnn: loads a layer's parameters, hands it blobs of every storage and packing, and compares
 * with the mask of the blob as it is without packing. Values and products are exact in every
 * storage.
 */
#include "cpu.h"
#include "ncnn_dropout.h"

extern "C" {
#include "check.h"
}
#include <algorithm>
#include <cstdlib>
#include <cstring>

static bool has_asimdhp;
static unsigned long long pass;

namespace ncnn {

int cpu_support_arm_asimdhp() { return has_asimdhp; }

Mat::Mat()
    : data(NULL), elemsize(0), elempack(0), dims(0), w(0), h(0), d(0), c(0), cstep(0), n(0),
      nstep(0) {}

int Mat::elembits() const { return static_cast<int>(elemsize) * 8 / elempack; }

int ParamDict::type(int id) const { return params[id].type; }
int ParamDict::get(int id, int def) const { return params[id].type ? params[id].i : def; }
float ParamDict::get(int id, float def) const { return params[id].type ? params[id].f : def; }
void ParamDict::set(int id, int i) { params[id].type = 2, params[id].i = i; }
void ParamDict::set(int id, float f) { params[id].type = 3, params[id].f = f; }

Layer::Layer()
    : one_blob_only(false), support_inplace(false), support_packing(false),
      support_bf16_storage(false), support_fp16_storage(false), support_batch(false),
      userdata(NULL) {}
Layer::~Layer() {}
int Layer::load_param(const ParamDict &) { return 0; }
int Layer::forward_inplace(std::vector<Mat> &, const Option &) const { return -1; }
int Layer::forward_inplace(Mat &, const Option &) const { return -1; }

} // namespace ncnn

using ncnn::Mat;

static const double RATE = 0.5;
static const unsigned PAD = 0xab; /* bytes between channels */

enum storage { F32, BF16, F16 };

/* 1 ... 8 as the bits of each storage: exact, and so is twice as much. */
static uint32_t bits_of(int value, storage type) {
    const float f = static_cast<float>(value);
    uint32_t bits;
    std::memcpy(&bits, &f, sizeof bits);
    return type == F32    ? bits
           : type == BF16 ? bits >> 16
           : value == 0   ? 0
                          : ((bits >> 13) - ((127 - 15) << 10)) & 0xffff;
}

/* A blob without its packing: `samples` of `maps` maps of `map` elements. */
struct shape {
    int dims, w, h, d, c;
    int maps() const { return dims == 1 ? w : dims == 2 ? h : c; }
    int map() const { return dims == 1 ? 1 : dims == 2 ? w : w * h * d; }
};

static Mat blob_of(const shape &s, int samples, int pack, storage type) {
    Mat m;
    m.dims = s.dims, m.w = s.w, m.h = s.h, m.d = s.d, m.c = s.c, m.n = samples;
    (s.dims == 1 ? m.w : s.dims == 2 ? m.h : m.c) /= pack;
    m.elempack = pack, m.elemsize = static_cast<size_t>(pack) * (type == F32 ? 4 : 2);
    const size_t channel = static_cast<size_t>(m.w) * static_cast<size_t>(m.h * m.d) * m.elemsize;
    m.cstep = (channel + 15) / 16 * 16 / m.elemsize;
    m.nstep = m.cstep * static_cast<size_t>(m.c + 1); /* a gap after each sample, too */
    const size_t bytes = m.nstep * m.elemsize * static_cast<size_t>(m.n);
    m.owner.reset(std::malloc(bytes), std::free);
    m.data = m.owner.get();
    std::memset(m.data, PAD, bytes);
    return m;
}

/* The address of an element of the blob: sample b, map q, element i. */
static char *at(const Mat &m, int b, int q, int i) {
    const size_t group = static_cast<size_t>(q / m.elempack),
                 lane = static_cast<size_t>(q % m.elempack);
    const size_t size = m.elemsize / static_cast<size_t>(m.elempack);
    const size_t step = m.dims == 1 ? 1 : m.dims == 2 ? static_cast<size_t>(m.w) : m.cstep;
    const size_t place = static_cast<size_t>(b) * m.nstep + group * step + static_cast<size_t>(i);
    return static_cast<char *>(m.data) + place * m.elemsize + lane * size;
}

/* Sets each element to a value of 1 ... 8, times its multiplier; NULL: times 1. */
static void fill_blob(const Mat &m, const shape &s, storage type, const float *multipliers,
                      int each) {
    for (int b = 0, k = 0; b < m.n; b++)
        for (int q = 0; q < s.maps(); q++)
            for (int i = 0; i < s.map(); i++, k++) {
                const float multiplier = multipliers == NULL ? 1 : multipliers[k / each];
                const uint32_t bits = bits_of((k % 8 + 1) * static_cast<int>(multiplier), type);
                const uint16_t half = static_cast<uint16_t>(bits);
                std::memcpy(at(m, b, q, i), type == F32 ? static_cast<const void *>(&bits) : &half,
                            type == F32 ? 4 : 2);
            }
}

static bool same(const Mat &a, const Mat &b) {
    return std::memcmp(a.data, b.data, a.nstep * a.elemsize * static_cast<size_t>(a.n)) == 0;
}

static ncnn::Option options(int threads, storage type) {
    ncnn::Option opt = {threads, type == BF16, type == F16};
    return opt;
}

/* The layer that makes blob `top`, from a line of a .param file. */
static ncnn::Layer *load(float rate, int kind, int top) {
    ncnn::Layer *layer = ncnn_dropout_creator(&pass);
    ncnn::ParamDict params;
    params.set(0, rate), params.set(1, kind), params.set(2, 42);
    layer->tops.assign(1, top);
    check(layer->load_param(params) == 0, "the parameters are right");
    return layer;
}

static void run(const shape &s, int kind, int samples, int pack, storage type, int threads) {
    const int top = 3, each = kind == 1 ? s.map() : 1;
    const int draws = samples * s.maps() * s.map() / each;
    has_asimdhp = type == F16;
    pass++;
    std::vector<float> multipliers(static_cast<size_t>(draws));
    const planedrop_desc desc =
        planedrop_desc_elementwise(PLANEDROP_F32, static_cast<uint64_t>(draws), RATE);
    const planedrop_rng rng = {42, pass * 65536 + top};
    draw(multipliers.data(), &desc, rng);
    Mat y = blob_of(s, samples, pack, type), want = blob_of(s, samples, pack, type);
    fill_blob(y, s, type, NULL, 1);
    fill_blob(want, s, type, multipliers.data(), each);

    ncnn::Layer *layer = load(static_cast<float>(RATE), kind, top);
    const ncnn::Option opt = options(threads, type);
    check(layer->one_blob_only && layer->support_inplace && layer->support_batch, "what it takes");
    check(layer->support_packing == (kind == 1), "packed maps, unpacked elements");
    check(layer->support_bf16_storage && layer->support_fp16_storage == has_asimdhp, "16 bits");
    check(layer->forward_inplace(y, opt) == 0, "a pass");
    check(same(y, want), "the product with the mask, and what lies between as it was");
    delete layer;
}

static void every_blob() {
    const shape shapes[] = {{1, 48, 1, 1, 1},
                            {2, 5, 48, 1, 1},
                            {3, 5, 3, 1, 48},
                            {4, 3, 5, 2, 32},
                            {3, 40, 40, 1, 48} /* more than one part */};
    for (const shape &s : shapes)
        for (int kind = 0; kind < 2; kind++)
            for (int samples = 1; samples <= 2; samples++)
                for (int pack : {1, 4, 8, 16})
                    for (storage type : {F32, BF16, F16})
                        for (int threads = 1; threads <= 3; threads++)
                            run(s, kind, samples, pack, type, threads);
}

/* Two layers and two passes of equal parameters: four masks. */
static void masks_differ() {
    const shape s = {1, 256, 1, 1, 1};
    std::vector<Mat> seen;
    for (int i = 0; i < 4; i++) {
        ncnn::Layer *layer = load(0.5f, 0, i % 2);
        Mat m = blob_of(s, 1, 1, F32);
        fill_blob(m, s, F32, NULL, 1);
        pass += i == 2;
        check(layer->forward_inplace(m, options(1, F32)) == 0, "a pass");
        for (const Mat &other : seen)
            check(!same(m, other), "another layer or pass has another mask");
        seen.push_back(m);
        delete layer;
    }
}

static int load_status(void *userdata, float rate) {
    ncnn::Layer *layer = ncnn_dropout_creator(userdata);
    ncnn::ParamDict params;
    check(layer->load_param(params) == (userdata == NULL ? -1 : 0), "no parameter is needed");
    params.set(0, rate);
    const int status = layer->load_param(params);
    delete layer;
    return status;
}

static void errors() {
    const shape s = {1, 16, 1, 1, 1};
    check(load_status(&pass, 0.5f) == 0, "a rate alone is enough");
    check(load_status(&pass, 1.5f) == -1, "a rate of 1.5 is refused");
    check(load_status(NULL, 0.5f) == -1, "userdata is needed");
    ncnn::Layer *layer = load(0.5f, 1, 0);
    Mat m = blob_of(s, 1, 1, BF16), before = blob_of(s, 1, 1, BF16);
    check(layer->forward_inplace(m, options(1, F32)) == -1, "16 bits that no option explains");
    check(same(m, before), "nothing is written");
    m.elemsize = 1;
    check(layer->forward_inplace(m, options(1, BF16)) == -1, "bytes are refused");
    delete layer;

    ncnn::ParamDict params; /* 0=1 is an int */
    params.set(0, 1);
    layer = ncnn_dropout_creator(&pass);
    layer->tops.assign(1, 0);
    check(layer->load_param(params) == 0, "a rate of 1");
    m = blob_of(s, 1, 1, F32), before = blob_of(s, 1, 1, F32);
    std::memset(before.data, 0, 64);
    check(layer->forward_inplace(m, options(0, F32)) == 0 && same(m, before), "drops everything");
    delete layer;
}

int main() {
    every_blob();
    masks_differ();
    errors();
    return 0;
}
