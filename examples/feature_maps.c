/* SPDX-License-Identifier: MIT
 *
 * Elementwise and spatial dropout, made visible. A convolution layer of eight classic filters turns
 * a photograph into eight feature maps; the picture shows them, and what either kind of dropout
 * leaves of them. Elementwise dropout speckles every map, and the neighbours of a dropped value
 * still tell much of what it was; spatial dropout (Tompson et al. 2015) takes whole maps away.
 *
 *     feature_maps INPUT.png OUTPUT.png
 */
#include <cairo.h>
#include <math.h>
#include <planedrop/planedrop.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS = 8,
    SIDE = 96, /* of a feature map: elements, and pixels of the picture */
    SPATIAL = SIDE * SIDE,

    MARGIN = 12, /* the picture's layout, in pixels */
    GAP = 6,
    TITLE = 24,
    CAPTION = 16,
    WIDTH = 2 * MARGIN + CHANNELS * SIDE + (CHANNELS - 1) * GAP,
    TOP_MAPS = MARGIN,
    TOP_ELEMENTWISE = TOP_MAPS + TITLE + SIDE + CAPTION + MARGIN,
    TOP_SPATIAL = TOP_ELEMENTWISE + TITLE + SIDE + MARGIN,
    HEIGHT = TOP_SPATIAL + TITLE + SIDE + CAPTION + MARGIN
};

static const double RATE = 0.5;
static const planedrop_rng SPATIAL_RNG = {4, 0}; /* {seed, offset}: seed 4 keeps 4 of the 8 maps */
static const planedrop_rng ELEMENTWISE_RNG = {4, 1};

/* One output channel of the layer: bias + gain * sum(weights * pixels), then a ReLU capped at 1.
 * Where the weights sum to 0, the bias makes "no edge here" a grey, so that black is left for 0,
 * which is what dropout writes. */
typedef struct filter {
    const char *name;
    float gain, bias;
    int size; /* the kernel is size x size, row by row */
    float weights[7 * 7];
} filter;

/* clang-format off */
static const filter FILTERS[CHANNELS] = {
    {"identity", 1, 0, 1, {
        1 }},
    {"Gaussian blur", 1.0f / 256, 0, 5, { /* binomial coefficients: a bell curve */
        1,  4,  6,  4, 1,
        4, 16, 24, 16, 4,
        6, 24, 36, 24, 6,
        4, 16, 24, 16, 4,
        1,  4,  6,  4, 1 }},
    {"sharpen", 1, 0, 3, { /* the pixel minus the Laplacian */
         0, -1,  0,
        -1,  5, -1,
         0, -1,  0 }},
    {"Sobel x", 0.25f, 0.4f, 3, { /* slope to the right: vertical edges */
        -1,  0,  1,
        -2,  0,  2,
        -1,  0,  1 }},
    {"Sobel y", 0.25f, 0.4f, 3, { /* slope downwards: horizontal edges */
        -1, -2, -1,
         0,  0,  0,
         1,  2,  1 }},
    {"Laplacian", 0.5f, 0.4f, 3, { /* second derivative: edges and spots in every direction */
         0,  1,  0,
         1, -4,  1,
         0,  1,  0 }},
    {"emboss", 0.25f, 0.4f, 3, { /* slope along the diagonal: a relief lit from the top left */
        -2, -1,  0,
        -1,  0,  1,
         0,  1,  2 }},
    {"Gabor", 0.1f, 0.4f, 7, { /* a diagonal wave under a bell curve: stripes and texture */
         0,  0,  0, -1, -1,  0,  0,
         0,  0, -3, -2,  1,  1,  0,
         0, -3, -3,  3,  5,  1, -1,
        -1, -2,  3,  6,  3, -2, -1,
        -1,  1,  5,  3, -3, -3,  0,
         0,  1,  1, -2, -3,  0,  0,
         0,  0, -1, -1,  0,  0,  0 }},
};
/* clang-format on */

static float photo[SIDE][SIDE];
static float maps[CHANNELS][SIDE][SIDE]; /* one sample, channels first: NCHW with N = 1 */
static float elementwise[CHANNELS][SIDE][SIDE];
static float spatial[CHANNELS][SIDE][SIDE];

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "feature_maps: %s: %s\n", what, why);
    exit(1);
}

static void check(planedrop_status status, const char *what) {
    if (status != PLANEDROP_OK)
        fail(what, planedrop_status_string(status));
}

static void check_cairo(cairo_status_t status, const char *what) {
    if (status != CAIRO_STATUS_SUCCESS)
        fail(what, cairo_status_to_string(status));
}

/* Reads the middle square of a PNG into photo, scaled to SIDE x SIDE, as brightness in [0, 1]. */
static void read_photo(const char *path) {
    cairo_surface_t *file = cairo_image_surface_create_from_png(path);
    cairo_status_t status = cairo_surface_status(file);
    if (status == CAIRO_STATUS_NO_MEMORY) /* cairo's word for most damaged files, too */
        fail(path, "not a PNG, or too large");
    check_cairo(status, path);
    int width = cairo_image_surface_get_width(file), height = cairo_image_surface_get_height(file);
    double scale = (double)SIDE / (width < height ? width : height);

    cairo_surface_t *square = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
    cairo_t *cr = cairo_create(square);
    cairo_translate(cr, SIDE / 2.0, SIDE / 2.0);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, file, -width / 2.0, -height / 2.0);
    cairo_paint(cr);
    check_cairo(cairo_status(cr), path);

    cairo_surface_flush(square);
    const unsigned char *pixels = cairo_image_surface_get_data(square);
    int stride = cairo_image_surface_get_stride(square);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            uint32_t rgb; /* 0x00RRGGBB */
            memcpy(&rgb, pixels + y * stride + 4 * x, sizeof rgb);
            photo[y][x] = (0.299f * (float)(rgb >> 16 & 255) + 0.587f * (float)(rgb >> 8 & 255) +
                           0.114f * (float)(rgb & 255)) /
                          255;
        }
    cairo_destroy(cr);
    cairo_surface_destroy(square);
    cairo_surface_destroy(file);
}

static int clamp(int i, int last) { return i < 0 ? 0 : i > last ? last : i; }

/* One element of a feature map; beyond its border the photograph goes on as it ends. */
static float convolve(const filter *f, int y, int x) {
    float sum = 0;
    for (int i = 0; i < f->size; i++)
        for (int j = 0; j < f->size; j++) {
            int row = clamp(y + i - f->size / 2, SIDE - 1);
            int column = clamp(x + j - f->size / 2, SIDE - 1);
            sum += f->weights[i * f->size + j] * photo[row][column];
        }
    return fminf(fmaxf(f->bias + f->gain * sum, 0), 1);
}

/* x of a channel's map in the picture. */
static int left(int channel) { return MARGIN + channel * (SIDE + GAP); }

/* Draws a row of maps under its title. Black is 0, white is 1/(1 - RATE), the most that dropout can
 * make of a 1. The square root turns values, taken as light, into grey levels: a doubled value
 * looks brighter without being blinding. */
static void draw_row(cairo_t *cr, int top, const char *title, const char *subtitle,
                     const float *tensor) {
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    cairo_set_font_size(cr, 15);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_move_to(cr, MARGIN, top + 15);
    cairo_show_text(cr, title);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_rel_move_to(cr, 12, 0);
    cairo_show_text(cr, subtitle);

    cairo_surface_t *canvas = cairo_get_target(cr);
    cairo_surface_flush(canvas);
    unsigned char *pixels = cairo_image_surface_get_data(canvas);
    int stride = cairo_image_surface_get_stride(canvas);
    for (int c = 0; c < CHANNELS; c++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                double light = tensor[c * SPATIAL + y * SIDE + x] * (1 - RATE);
                uint32_t rgb = 0x010101u * (uint32_t)lround(255 * sqrt(light));
                memcpy(pixels + (top + TITLE + y) * stride + 4 * (left(c) + x), &rgb, sizeof rgb);
            }
    cairo_surface_mark_dirty(canvas);
}

static void draw_caption(cairo_t *cr, int top, int channel, const char *text) {
    cairo_text_extents_t extents;
    cairo_set_font_size(cr, 12);
    cairo_text_extents(cr, text, &extents);
    cairo_move_to(cr, left(channel) + (SIDE - extents.x_advance) / 2, top + TITLE + SIDE + 14);
    cairo_show_text(cr, text);
}

/* The three rows, as a PNG; bit c of keep says whether spatial dropout kept map c. */
static void write_picture(const char *path, uint32_t keep) {
    cairo_surface_t *canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(canvas);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    draw_row(cr, TOP_MAPS, "Feature maps",
             "one photograph through the 8 filters of a convolution layer", maps[0][0]);
    for (int c = 0; c < CHANNELS; c++)
        draw_caption(cr, TOP_MAPS, c, FILTERS[c].name);
    draw_row(cr, TOP_ELEMENTWISE, "Elementwise dropout",
             "rate 0.5: each value on its own is dropped (black) or kept and doubled",
             elementwise[0][0]);
    draw_row(cr, TOP_SPATIAL, "Spatial dropout",
             "rate 0.5: each map as a whole is dropped (black) or kept and doubled", spatial[0][0]);
    for (int c = 0; c < CHANNELS; c++) {
        int kept = keep >> c & 1;
        cairo_set_source_rgb(cr, kept ? 0.0 : 0.75, kept ? 0.45 : 0.1, 0.1);
        draw_caption(cr, TOP_SPATIAL, c, kept ? "kept" : "dropped");
    }
    check_cairo(cairo_status(cr), "drawing");
    check_cairo(cairo_surface_write_to_png(canvas, path), path);
    cairo_destroy(cr);
    cairo_surface_destroy(canvas);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: feature_maps INPUT.png OUTPUT.png\n");
        return 1;
    }

    read_photo(argv[1]);
    for (int c = 0; c < CHANNELS; c++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                maps[c][y][x] = convolve(&FILTERS[c], y, x);

    /* The two kinds differ in the descriptor alone: one draw an element, or one draw a map. */
    planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, CHANNELS * SPATIAL, RATE);
    planedrop_plan plan;
    check(planedrop_plan_init(&plan, &desc), "elementwise plan");
    check(planedrop_forward(&plan, ELEMENTWISE_RNG, maps, elementwise), "elementwise dropout");

    desc = planedrop_desc_nchw(PLANEDROP_F32, 1, CHANNELS, SPATIAL, RATE);
    check(planedrop_plan_init(&plan, &desc), "spatial plan");
    check(planedrop_forward(&plan, SPATIAL_RNG, maps, spatial), "spatial dropout");
    uint32_t keep; /* bit c is 1 where map c was kept */
    check(planedrop_mask(&plan, SPATIAL_RNG, PLANEDROP_MASK_BITS, 0, CHANNELS, &keep),
          "spatial mask");

    write_picture(argv[2], keep);
    printf("wrote %s; spatial keep mask:", argv[2]);
    for (int c = 0; c < CHANNELS; c++)
        printf(" %d", (int)(keep >> c & 1));
    printf("\n");
    return 0;
}
