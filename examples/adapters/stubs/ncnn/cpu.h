/* SPDX-License-Identifier: MIT
 *
 * The part of ncnn's cpu.h (github.com/Tencent/ncnn) that the adapter touches, in our own words.
 */
#ifndef STUB_NCNN_CPU_H
#define STUB_NCNN_CPU_H

namespace ncnn {

int cpu_support_arm_asimdhp(); /* 1: ncnn stores blobs as binary16 where the options allow it */

} // namespace ncnn

#endif
