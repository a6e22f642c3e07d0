/* SPDX-License-Identifier: MIT
 *
 * Plays ONNX Runtime: registers the operator of ort_op.c, makes its kernel, and computes with two
 * outputs and with one, on a pool of threads. It counts what it must get back.
 */
#include <onnxruntime_c_api.h>

#include "check.h"
#include <planedrop/planedrop.h>
#include <string.h>

OrtStatus *RegisterCustomOps(OrtSessionOptions *options, const OrtApiBase *base); /* ort_op.c's */

enum { N = 2, C = 12, H = 7, W = 5, COUNT = N * C * H * W, MAX_NDIM = 9 };

struct OrtStatus {
    OrtErrorCode code;
    const char *message;
};

struct OrtTensorTypeAndShapeInfo {
    ONNXTensorElementDataType type;
    size_t ndim;
    int64_t dims[MAX_NDIM];
};

struct OrtValue {
    OrtTensorTypeAndShapeInfo info;
    void *data;
};

struct OrtKernelContext {
    OrtValue in[3], out[2];
    size_t outputs;
    OrtStatus *trouble; /* what the pool itself reports */
};

struct OrtKernelInfo {
    const char *lacks; /* an attribute that the graph does not give */
    int64_t spatial;
};

static const OrtCustomOp *registered;
static int infos; /* alive */
static float x[COUNT], y[COUNT], want[COUNT];
static unsigned char mask[COUNT];

static OrtStatus *create_status(OrtErrorCode code, const char *message) {
    static OrtStatus status;
    status.code = code, status.message = message;
    return &status;
}

static OrtStatus *create_domain(const char *domain, OrtCustomOpDomain **out) {
    check(strcmp(domain, "planedrop") == 0, "the domain");
    *out = NULL;
    return NULL;
}

static OrtStatus *add_op(OrtCustomOpDomain *domain, const OrtCustomOp *op) {
    (void)domain;
    registered = op;
    return NULL;
}

static OrtStatus *add_domain(OrtSessionOptions *options, OrtCustomOpDomain *domain) {
    (void)options, (void)domain;
    return NULL;
}

static OrtStatus *data(OrtValue *value, void **out) {
    *out = value->data;
    return NULL;
}

static OrtStatus *type_and_shape(const OrtValue *value, OrtTensorTypeAndShapeInfo **out) {
    *out = malloc(sizeof **out);
    check(*out != NULL, "memory");
    **out = value->info;
    infos++;
    return NULL;
}

static OrtStatus *element_type(const OrtTensorTypeAndShapeInfo *info,
                               ONNXTensorElementDataType *out) {
    *out = info->type;
    return NULL;
}

static OrtStatus *dimensions_count(const OrtTensorTypeAndShapeInfo *info, size_t *out) {
    *out = info->ndim;
    return NULL;
}

static OrtStatus *element_count(const OrtTensorTypeAndShapeInfo *info, size_t *out) {
    *out = 1;
    for (size_t i = 0; i < info->ndim; i++) {
        *out *= (size_t)info->dims[i];
    }
    return NULL;
}

static OrtStatus *dimensions(const OrtTensorTypeAndShapeInfo *info, int64_t *dims, size_t count) {
    check(count == info->ndim, "the number of axes");
    memcpy(dims, info->dims, count * sizeof *dims);
    return NULL;
}

static void release_info(OrtTensorTypeAndShapeInfo *info) {
    free(info);
    infos--;
}

static OrtStatus *attribute(const OrtKernelInfo *info, const char *name, int64_t *out) {
    *out = strcmp(name, "seed") == 0 ? 11 : info->spatial;
    return strcmp(name, info->lacks) == 0 ? create_status(ORT_FAIL, name) : NULL;
}

static OrtStatus *input(const OrtKernelContext *context, size_t i, const OrtValue **out) {
    *out = &context->in[i];
    return NULL;
}

static OrtStatus *output(OrtKernelContext *context, size_t i, const int64_t *dims, size_t ndim,
                         OrtValue **out) {
    const OrtTensorTypeAndShapeInfo *of_x = &context->in[0].info;
    check(ndim == of_x->ndim && memcmp(dims, of_x->dims, ndim * sizeof *dims) == 0,
          "an output has the shape of x");
    *out = i < context->outputs ? &context->out[i] : NULL;
    return NULL;
}

static OrtStatus *parallel_for(const OrtKernelContext *context, void (*fn)(void *user, size_t i),
                               size_t total, size_t num_batch, void *user) {
    check(num_batch == 0, "the runtime chooses the batches");
    run_threads(total, fn, user);
    return context->trouble;
}

static const OrtApi api = {.CreateStatus = create_status,
                           .CreateCustomOpDomain = create_domain,
                           .CustomOpDomain_Add = add_op,
                           .AddCustomOpDomain = add_domain,
                           .GetTensorMutableData = data,
                           .GetTensorElementType = element_type,
                           .GetDimensionsCount = dimensions_count,
                           .GetDimensions = dimensions,
                           .GetTensorShapeElementCount = element_count,
                           .GetTensorTypeAndShape = type_and_shape,
                           .KernelInfoGetAttribute_int64 = attribute,
                           .KernelContext_GetInput = input,
                           .KernelContext_GetOutput = output,
                           .ReleaseTensorTypeAndShapeInfo = release_info,
                           .KernelContext_ParallelFor = parallel_for};
static uint32_t newest;

static const OrtApi *get_api(uint32_t version) { return version <= newest ? &api : NULL; }

/* The graph's node with these attributes, run once. */
static OrtStatus *run(OrtKernelContext *context, OrtKernelInfo info) {
    void *kernel = NULL;
    OrtStatus *failed = registered->CreateKernelV2(registered, &api, &info, &kernel);
    if (failed == NULL) {
        failed = registered->KernelComputeV2(kernel, context);
        registered->KernelDestroy(kernel);
    }
    check(infos == 0, "every info is released");
    return failed;
}

static void results(OrtKernelContext *context, const planedrop_desc *desc, size_t each) {
    static float multipliers[COUNT];
    const planedrop_rng rng = {11, 13};
    draw(multipliers, desc, rng);
    drop_by_hand(want, x, multipliers, COUNT, each);
    for (context->outputs = 1; context->outputs <= 2; context->outputs++) {
        memset(y, 0xff, sizeof y), memset(mask, 0xff, sizeof mask);
        check(run(context, (OrtKernelInfo){"", each > 1}) == NULL, "the operator computes");
        check_equal(y, want, sizeof want, "the product with the mask");
        for (size_t i = 0; i < COUNT; i++) {
            const unsigned char kept = multipliers[i / each] != 0;
            check(mask[i] == (context->outputs == 2 ? kept : 0xff), "a bool of the second output");
        }
    }
}

static void refused(const OrtStatus *status, OrtErrorCode code, const char *message) {
    check(status != NULL && status->code == code, "the code");
    check(strcmp(status->message, message) == 0, "the message");
}

static void errors(OrtKernelContext *context) {
    static OrtStatus trouble = {ORT_FAIL, "no threads"};
    const OrtKernelInfo info = {"", 1};
    float *ratio = context->in[1].data;
    refused(run(context, (OrtKernelInfo){"seed", 1}), ORT_FAIL, "seed");
    refused(run(context, (OrtKernelInfo){"spatial", 1}), ORT_FAIL, "spatial");
    context->trouble = &trouble;
    check(run(context, info) == &trouble, "the pool's own error");
    context->trouble = NULL;
    *ratio = 1.5f;
    refused(run(context, info), ORT_INVALID_ARGUMENT, planedrop_status_string(PLANEDROP_ERR_RATE));
    *ratio = 0.25f;
    context->out[0].data = x + 1; /* which only a part can see */
    refused(run(context, info), ORT_INVALID_ARGUMENT,
            planedrop_status_string(PLANEDROP_ERR_OVERLAP));
    context->out[0].data = y;
    context->in[0].info.type = ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
    refused(run(context, info), ORT_INVALID_ARGUMENT, planedrop_status_string(PLANEDROP_ERR_DTYPE));
    context->in[0].info.type = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    for (int i = 1; i < 3; i++) {
        context->in[i].info.ndim = 1; /* and no element */
        refused(run(context, info), ORT_INVALID_ARGUMENT, "dropout: ratio or offset is no scalar");
        context->in[i].info.ndim = 0;
    }
    context->in[0].info.ndim = 9;
    refused(run(context, info), ORT_INVALID_ARGUMENT, "dropout: more than 8 axes");
}

int main(void) {
    const OrtApiBase base = {get_api, NULL};
    float ratio = 0.25f;
    int64_t offset = 13;
    OrtKernelContext context = {0};
    context.in[0].info = (OrtTensorTypeAndShapeInfo){
        ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, 4, {N, C, H, W, 1, 1, 1, 1, 1}};
    context.in[0].data = x, context.in[1].data = &ratio, context.in[2].data = &offset;
    context.out[0].data = y, context.out[1].data = mask;
    fill(x, COUNT);

    newest = ORT_API_VERSION - 1;
    refused(RegisterCustomOps(NULL, &base), ORT_FAIL, "dropout: ONNX Runtime is too old");
    newest = ORT_API_VERSION + 1;
    check(RegisterCustomOps(NULL, &base) == NULL && registered != NULL, "registered");
    check(registered->version == ORT_API_VERSION, "the version of the struct");
    check(strcmp(registered->GetName(registered), "Dropout") == 0, "the name");

    const planedrop_desc maps = planedrop_desc_nchw(PLANEDROP_F32, N, C, H * W, 0.25);
    results(&context, &maps, H * W);
    const planedrop_desc elements = planedrop_desc_elementwise(PLANEDROP_F32, COUNT, 0.25);
    results(&context, &elements, 1);
    errors(&context);
    context.in[0].info.ndim = 0;
    check(run(&context, (OrtKernelInfo){"", 1}) == NULL, "a scalar");
    check(y[0] == 0 || y[0] == x[0] / 0.75f, "a scalar is kept or dropped");
    return 0;
}
