/* SPDX-License-Identifier: MIT
 *
 * The part of ncnn's interface (layer.h and what it includes, github.com/Tencent/ncnn) that the
 * adapter touches, in our own words: the names and types are ncnn's, most members are left out. A
 * blob's memory is held by a shared pointer here.
 */
#ifndef STUB_NCNN_LAYER_H
#define STUB_NCNN_LAYER_H

#include <memory>
#include <stddef.h>
#include <stdio.h>
#include <string>
#include <vector>

/* ncnn's build sets these to 0 or 1. */
#define NCNN_BATCH 1
#define NCNN_ARM82 1

#define NCNN_LOGE(...)                                                                             \
    do {                                                                                           \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fprintf(stderr, "\n");                                                                     \
    } while (0)

namespace ncnn {

/* Sizes and steps count groups of elempack elements; a group has elemsize bytes. */
class Mat {
  public:
    Mat();
    int elembits() const; /* of one element */

    void *data;
    size_t elemsize;
    int elempack;
    int dims; /* 1: w; 2: w, h; 3: w, h, c; 4: w, h, d, c; the others are 1 */
    int w, h, d, c;
    size_t cstep; /* from a channel to the next, a multiple of 16 bytes */
    int n;        /* samples */
    size_t nstep; /* from a sample to the next */
    std::shared_ptr<void> owner;
};

class Option {
  public:
    int num_threads;
    bool use_bf16_storage, use_fp16_storage;
};

/* Parameters of a layer in the .param file: "0=0.5 1=1". */
class ParamDict {
  public:
    int type(int id) const; /* 0 absent, 2 int, 3 float */
    int get(int id, int def) const;
    float get(int id, float def) const; /* of an int: its bits */
    void set(int id, int i);
    void set(int id, float f);

  private:
    struct param {
        int type;
        union {
            int i;
            float f;
        };
    };
    param params[32] = {};
};

class Layer {
  public:
    Layer();
    virtual ~Layer();
    virtual int load_param(const ParamDict &pd);
    virtual int forward_inplace(std::vector<Mat> &blobs, const Option &opt) const;
    virtual int forward_inplace(Mat &blob, const Option &opt) const;

    bool one_blob_only, support_inplace, support_packing;
    bool support_bf16_storage, support_fp16_storage, support_batch;
    void *userdata;
    std::vector<int> tops; /* the numbers of the blobs that it makes */
};

} // namespace ncnn

#endif
