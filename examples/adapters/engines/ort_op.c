/* SPDX-License-Identifier: MIT
 *
 * A custom operator around ort_dropout: planedrop.Dropout(x, ratio, offset) -> y, mask. x is a
 * tensor of f32, f16, bf16 or f64; ratio is one f32 value (0: evaluation), offset one int64 value,
 * another for each step; mask (bool, 1 = kept) may be left out. Attributes: seed, another for each
 * node of a model, and spatial: 1 draws whole maps, 0 draws elements.
 */
#include "ort_dropout.h"
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif
/* What ONNX Runtime looks for in a library of custom operators. */
__attribute__((visibility("default"))) OrtStatus *RegisterCustomOps(OrtSessionOptions *options,
                                                                    const OrtApiBase *base);
#ifdef __cplusplus
}
#endif

struct kernel {
    const OrtApi *api;
    int64_t seed, spatial;
};

struct tensor {
    ONNXTensorElementDataType type;
    size_t ndim, count;
    int64_t dims[PLANEDROP_MAX_NDIM];
    void *data;
};

static OrtStatus *create(const OrtCustomOp *op, const OrtApi *api, const OrtKernelInfo *info,
                         void **kernel) {
    struct kernel *k = (struct kernel *)malloc(sizeof *k);
    OrtStatus *failed = NULL;
    (void)op;
    *kernel = k;
    if (k == NULL) {
        return api->CreateStatus(ORT_FAIL, "dropout: no memory");
    }
    k->api = api;
    (void)((failed = api->KernelInfoGetAttribute_int64(info, "seed", &k->seed)) ||
           (failed = api->KernelInfoGetAttribute_int64(info, "spatial", &k->spatial)));
    if (failed != NULL) {
        free(k); /* KernelDestroy is for kernels that were made */
        *kernel = NULL;
    }
    return failed;
}

static int32_t dtype_of(ONNXTensorElementDataType type) {
    return type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT      ? PLANEDROP_F32
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 ? PLANEDROP_BF16
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16  ? PLANEDROP_F16
           : type == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE   ? PLANEDROP_F64
                                                            : -1;
}

static planedrop_desc desc_of(const struct tensor *x, double rate, int64_t spatial) {
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype_of(x->type);
    desc.rate = rate;
    desc.ndim = x->ndim > 0 ? (int32_t)x->ndim : 1;
    desc.dims[0] = desc.noise[0] = 1; /* of a scalar */
    for (size_t i = 0; i < x->ndim; i++) {
        desc.dims[i] = (uint64_t)x->dims[i];
        desc.noise[i] = spatial && i > 1 ? 1 : desc.dims[i];
    }
    return desc;
}

static OrtStatus *read_input(const OrtApi *api, const OrtKernelContext *context, size_t i,
                             struct tensor *t) {
    const OrtValue *value = NULL;
    OrtTensorTypeAndShapeInfo *info = NULL;
    OrtStatus *failed = NULL;
    /* A const OrtValue * has no function of its own for its data before 1.23. */
    (void)((failed = api->KernelContext_GetInput(context, i, &value)) ||
           (failed = api->GetTensorMutableData((OrtValue *)(uintptr_t)value, &t->data)) ||
           (failed = api->GetTensorTypeAndShape(value, &info)) ||
           (failed = api->GetTensorElementType(info, &t->type)) ||
           (failed = api->GetTensorShapeElementCount(info, &t->count)) ||
           (failed = api->GetDimensionsCount(info, &t->ndim)) ||
           (failed = t->ndim > PLANEDROP_MAX_NDIM
                         ? api->CreateStatus(ORT_INVALID_ARGUMENT, "dropout: more than 8 axes")
                         : api->GetDimensions(info, t->dims, t->ndim)));
    if (info != NULL) {
        api->ReleaseTensorTypeAndShapeInfo(info);
    }
    return failed;
}

/* *data becomes NULL where the graph does not use the output. */
static OrtStatus *write_output(const OrtApi *api, OrtKernelContext *context, size_t i,
                               const struct tensor *x, void **data) {
    OrtValue *value = NULL;
    OrtStatus *failed = api->KernelContext_GetOutput(context, i, x->dims, x->ndim, &value);
    *data = NULL;
    return failed != NULL || value == NULL ? failed : api->GetTensorMutableData(value, data);
}

static OrtStatus *compute(void *kernel, OrtKernelContext *context) {
    const struct kernel *k = (const struct kernel *)kernel;
    struct tensor x, ratio, offset;
    void *y, *mask;
    OrtStatus *failed = NULL;
    if ((failed = read_input(k->api, context, 0, &x)) ||
        (failed = read_input(k->api, context, 1, &ratio)) ||
        (failed = read_input(k->api, context, 2, &offset)) ||
        (failed = write_output(k->api, context, 0, &x, &y)) ||
        (failed = write_output(k->api, context, 1, &x, &mask))) {
        return failed;
    }
    if (ratio.count != 1 || offset.count != 1) {
        return k->api->CreateStatus(ORT_INVALID_ARGUMENT, "dropout: ratio or offset is no scalar");
    }
    const planedrop_desc desc = desc_of(&x, (double)*(const float *)ratio.data, k->spatial);
    const int64_t step = *(const int64_t *)offset.data;
    const planedrop_rng rng = {(uint64_t)k->seed, (uint64_t)step};
    return ort_dropout(k->api, context, &desc, rng, x.data, y, mask);
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
