/* SPDX-License-Identifier: MIT
 *
 * The part of DLPack (dlpack.h, github.com/dmlc/dlpack) that the adapter touches, in our own words:
 * the names, types and numbers are DLPack's, the rest of its header is left out.
 */
#ifndef STUB_DLPACK_H
#define STUB_DLPACK_H

#include <stdint.h>

typedef enum { kDLCPU = 1, kDLCUDA = 2 } DLDeviceType;
typedef enum { kDLInt = 0, kDLFloat = 2, kDLBfloat = 4 } DLDataTypeCode;

typedef struct {
    DLDeviceType device_type;
    int32_t device_id;
} DLDevice;

typedef struct {
    uint8_t code, bits;
    uint16_t lanes;
} DLDataType;

typedef struct {
    void *data;
    DLDevice device;
    int32_t ndim;
    DLDataType dtype;
    int64_t *shape;
    int64_t *strides; /* in elements; NULL is dense */
    uint64_t byte_offset;
} DLTensor;

#endif
