/* SPDX-License-Identifier: MIT
 *
 * Dropout as a custom layer of ncnn, at inference (Monte-Carlo dropout). Its parameters in the
 * .param file: 0 = rate (0.5 if absent), 1 = kind (0 elementwise, 1 spatial), 2 = seed.
 */
#ifndef NCNN_DROPOUT_H
#define NCNN_DROPOUT_H

#include "layer.h"

class ncnn_dropout : public ncnn::Layer {
  public:
    ncnn_dropout();
    int load_param(const ncnn::ParamDict &params) override;
    using ncnn::Layer::forward_inplace;
    int forward_inplace(ncnn::Mat &blob, const ncnn::Option &opt) const override;

  private:
    double rate;
    bool spatial;
    unsigned seed;
};

/* For ncnn::Net::register_custom_layer. userdata, which outlives the net, is the address of an
 * unsigned long long: the number of the forward pass, which the user raises between passes. The
 * mask's offset is pass * 65536 + tops[0]: two layers of a net have different masks. */
ncnn::Layer *ncnn_dropout_creator(void *userdata);

#endif
