/* SPDX-License-Identifier: MIT
 *
 * The part of DLPack (dlpack/dlpack.h, github.com/dmlc/dlpack, version 1) that the adapter and its
 * users touch, in our own words: the names, types and numbers are DLPack's, the rest of its header
 * is left out.
 */
#ifndef STUB_DLPACK_H
#define STUB_DLPACK_H

#include <stdint.h>

#define DLPACK_MAJOR_VERSION          1
#define DLPACK_FLAG_BITMASK_READ_ONLY (1UL << 0UL)

typedef enum { kDLCPU = 1, kDLCUDA = 2 } DLDeviceType;
typedef enum { kDLInt = 0, kDLFloat = 2, kDLBfloat = 4, kDLBool = 6 } DLDataTypeCode;

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

/* What a capsule of the name "dltensor" points to. */
typedef struct DLManagedTensor {
    DLTensor dl_tensor;
    void *manager_ctx;
    void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;

typedef struct {
    uint32_t major, minor;
} DLPackVersion;

/* What a capsule of the name "dltensor_versioned" points to. It has no typedef. */
struct DLManagedTensorVersioned {
    DLPackVersion version;
    void *manager_ctx;
    void (*deleter)(struct DLManagedTensorVersioned *self);
    uint64_t flags;
    DLTensor dl_tensor;
};

#endif
