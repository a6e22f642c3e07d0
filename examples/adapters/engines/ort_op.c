/* SPDX-License-Identifier: MIT
 *
 * A custom operator around ort_dropout: planedrop.Dropout(x, ratio, offset) -> y, mask. x is a
 * float tensor of any type; ratio (float) and offset (int64) are scalars; mask (bool, 1 = kept) may
 * be left out. Attributes: seed, and spatial: 1 draws whole maps, 0 draws elements. Ratio 0 is
 * evaluation.
 */
#include "ort_op.h"
#include "ort_dropout.h"
#include <stdlib.h>

struct kernel {
    const OrtApi *api;
    int64_t seed, spatial;
};

static OrtStatus *create(const OrtCustomOp *op, const OrtApi *api, const OrtKernelInfo *info,
                         void **kernel) {
    struct kernel *k = (struct kernel *)malloc(sizeof *k);
    OrtStatus *failed = k == NULL ? api->CreateStatus(ORT_FAIL, "no memory") : NULL;
    (void)op;
    if (failed == NULL) {
        k->api = api;
        (void)((failed = api->KernelInfoGetAttribute_int64(info, "seed", &k->seed)) ||
               (failed = api->KernelInfoGetAttribute_int64(info, "spatial", &k->spatial)));
    }
    *kernel = k;
    return failed;
}

static int32_t dtype_of(ONNXTensorElementDataType type) {
    return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT      ? PLANEDROP_F32
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 ? PLANEDROP_BF16
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16  ? PLANEDROP_F16
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE   ? PLANEDROP_F64
                                                            : -1;
}

/* The type and shape of a tensor as a descriptor, and its shape in ONNX Runtime's type. */
static OrtStatus *read_shape(const struct kernel *k, const OrtValue *x, planedrop_desc *desc,
                             int64_t *dims, size_t *ndim) {
    const OrtApi *api = k->api;
    ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    OrtTensorTypeAndShapeInfo *info = NULL;
    OrtStatus *failed = NULL;
    (void)((failed = api->GetTensorTypeAndShape(x, &info)) ||
           (failed = api->GetTensorElementType(info, &type)) ||
           (failed = api->GetDimensionsCount(info, ndim)) ||
           (failed = *ndim > PLANEDROP_MAX_NDIM
                         ? api->CreateStatus(ORT_INVALID_ARGUMENT, "dropout: more than 8 axes")
                         : api->GetDimensions(info, dims, *ndim)));
    if (info != NULL) {
        api->ReleaseTensorTypeAndShapeInfo(info);
    }
    desc->dtype = dtype_of(type);
    desc->ndim = 1, desc->dims[0] = desc->noise[0] = 1; /* of a scalar */
    for (size_t i = 0; failed == NULL && i < *ndim; i++) {
        desc->ndim = (int32_t)*ndim;
        desc->dims[i] = (uint64_t)dims[i];
        desc->noise[i] = k->spatial && i > 1 ? 1 : desc->dims[i];
    }
    return failed;
}

/* The data of input i; a const OrtValue * has no function of its own before 1.23. */
static OrtStatus *read_input(const OrtApi *api, const OrtKernelContext *context, size_t i,
                             const OrtValue **value, void **data) {
    OrtStatus *failed = api->KernelContext_GetInput(context, i, value);
    return failed != NULL ? failed : api->GetTensorMutableData((OrtValue *)(uintptr_t)*value, data);
}

static OrtStatus *write_output(const OrtApi *api, OrtKernelContext *context, size_t i,
                               const int64_t *dims, size_t ndim, void **data) {
    OrtValue *value = NULL;
    OrtStatus *failed = api->KernelContext_GetOutput(context, i, dims, ndim, &value);
    *data = NULL;
    return failed != NULL || value == NULL ? failed : api->GetTensorMutableData(value, data);
}

static OrtStatus *compute(void *kernel, OrtKernelContext *context) {
    const struct kernel *k = (const struct kernel *)kernel;
    const OrtApi *api = k->api;
    const OrtValue *value[3];
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    planedrop_rng rng = {(uint64_t)k->seed, 0};
    int64_t dims[PLANEDROP_MAX_NDIM];
    size_t ndim = 0;
    void *x, *ratio, *offset, *y, *mask;
    OrtStatus *failed = NULL;
    if ((failed = read_input(api, context, 0, &value[0], &x)) ||
        (failed = read_input(api, context, 1, &value[1], &ratio)) ||
        (failed = read_input(api, context, 2, &value[2], &offset)) ||
        (failed = read_shape(k, value[0], &desc, dims, &ndim)) ||
        (failed = write_output(api, context, 0, dims, ndim, &y)) ||
        (failed = write_output(api, context, 1, dims, ndim, &mask))) {
        return failed;
    }
    desc.rate = (double)*(const float *)ratio;
    rng.offset = (uint64_t) * (const int64_t *)offset;
    return ort_dropout(api, context, &desc, rng, x, y, mask);
}

static const char *name(const OrtCustomOp *op) { return (void)op, "Dropout"; }
static const char *provider(const OrtCustomOp *op) { return (void)op, "CPUExecutionProvider"; }
static OrtMemType memory(const OrtCustomOp *op, size_t i) {
    return (void)op, (void)i, OrtMemTypeDefault;
}
static size_t inputs(const OrtCustomOp *op) { return (void)op, 3; }
static size_t outputs(const OrtCustomOp *op) { return (void)op, 2; }
static ONNXTensorElementDataType input_type(const OrtCustomOp *op, size_t i) {
    return (void)op, i == 0   ? ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED
                     : i == 1 ? ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
                              : ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
}
static ONNXTensorElementDataType output_type(const OrtCustomOp *op, size_t i) {
    return (void)op,
           i == 0 ? ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED : ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL;
}
static OrtCustomOpInputOutputCharacteristic input_is(const OrtCustomOp *op, size_t i) {
    return (void)op, (void)i, INPUT_OUTPUT_REQUIRED;
}
static OrtCustomOpInputOutputCharacteristic output_is(const OrtCustomOp *op, size_t i) {
    return (void)op, i == 0 ? INPUT_OUTPUT_REQUIRED : INPUT_OUTPUT_OPTIONAL;
}

/* The domain and the operator live until the process ends. */
OrtStatus *RegisterCustomOps(OrtSessionOptions *options, const OrtApiBase *base) {
    static OrtCustomOp op; /* every call writes the same */
    const OrtApi *api = base->GetApi(ORT_API_VERSION);
    OrtCustomOpDomain *domain = NULL;
    OrtStatus *failed = NULL;
    if (api == NULL) {
        return base->GetApi(1)->CreateStatus(ORT_FAIL, "dropout: ONNX Runtime is too old");
    }
    op.version = ORT_API_VERSION, op.GetName = name;
    op.GetExecutionProviderType = provider, op.GetInputMemoryType = memory;
    op.GetInputTypeCount = inputs, op.GetInputType = input_type;
    op.GetInputCharacteristic = input_is;
    op.GetOutputTypeCount = outputs, op.GetOutputType = output_type;
    op.GetOutputCharacteristic = output_is;
    op.CreateKernelV2 = create, op.KernelComputeV2 = compute, op.KernelDestroy = free;
    (void)((failed = api->CreateCustomOpDomain("planedrop", &domain)) ||
           (failed = api->CustomOpDomain_Add(domain, &op)) ||
           (failed = api->AddCustomOpDomain(options, domain)));
    return failed;
}
