/* SPDX-License-Identifier: MIT
 *
 * Trains the network without dropout and with several kinds of it, from several seeds, and
 * compares. Prints the accuracy after each epoch and a table at the end; --out FOLDER also writes
 * results.csv (every epoch) and certainty.csv (Monte-Carlo dropout after the first seed), which
 * plot.py draws.
 */
#include "certainty.h"
#include "data.h"
#include "net.h"
#include "progress.h"
#include "random.h"
#include "ranks.h"

#include <cblas.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const dropout_kind kinds[] = {
    {"none", 0, 0, 0, PLANEDROP_BERNOULLI},
    {"classifier", 0, 0.5, 0, PLANEDROP_BERNOULLI}, /* none behind the convolutions */
    {"ordinary", 0.1, 0.5, 0, PLANEDROP_BERNOULLI},
    {"spatial", 0.1, 0.5, 1, PLANEDROP_BERNOULLI},
    {"gaussian", 0.1, 0.5, 0, PLANEDROP_GAUSSIAN},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* ---- Options --------------------------------------------------------------------------------- */

static struct {
    const char *data, *kind, *out;
    int seeds, epochs, train, test, batch, threads, passes, certain;
} options = {ENGINE_DATA_FOLDER, "all", NULL, 3, 20, 2000, 10000, 64, 2, 32, 10000};

static const struct {
    const char *name;
    const char **text;
    int *number, most;
    const char *meaning;
} table[] = {
    {"--data", &options.data, NULL, 0, "the folder of the four gzipped IDX files"},
    {"--kind", &options.kind, NULL, 0, "all, none, classifier, ordinary, spatial or gaussian"},
    {"--out", &options.out, NULL, 0, "an existing folder, for results.csv and certainty.csv"},
    {"--seeds", NULL, &options.seeds, 1000, "trainings of each kind"},
    {"--epochs", NULL, &options.epochs, 100000, "passes over the training images"},
    {"--train", NULL, &options.train, 1 << 20, "training images: the first ones"},
    {"--test", NULL, &options.test, 1 << 20, "test images"},
    {"--batch", NULL, &options.batch, NET_CAPACITY, "samples of a step"},
    {"--threads", NULL, &options.threads, 100000,
     "threads of this process; 8 have something to do"},
    {"--passes", NULL, &options.passes, NET_CAPACITY, "of Monte-Carlo dropout over an image"},
    {"--certain", NULL, &options.certain, 1 << 20, "test images for Monte-Carlo dropout"},
};
enum { OPTIONS = sizeof table / sizeof table[0] };

static _Noreturn void usage(void) {
    puts("train [OPTION VALUE]...");
    for (int i = 0; i < OPTIONS; i++) {
        printf("  %-10s %s (", table[i].name, table[i].meaning);
        if (table[i].text != NULL) {
            printf("%s)\n", *table[i].text != NULL ? *table[i].text : "none");
        } else {
            printf("%d)\n", *table[i].number);
        }
    }
    exit(2);
}

static int chosen(const dropout_kind *kind) {
    return strcmp(options.kind, "all") == 0 || strcmp(options.kind, kind->name) == 0;
}

static int count_chosen(void) {
    int count = 0;
    for (int k = 0; k < KINDS; k++) {
        count += chosen(&kinds[k]);
    }
    return count;
}

static void set_option(const char *name, const char *value) {
    int i = 0;
    while (i < OPTIONS && strcmp(table[i].name, name) != 0) {
        i++;
    }
    if (i == OPTIONS || value == NULL) {
        usage();
    }
    if (table[i].text != NULL) {
        *table[i].text = value;
        return;
    }
    char *end;
    const long number = strtol(value, &end, 10);
    if (*value == '\0' || *end != '\0' || number < 1 || number > table[i].most) {
        fprintf(stderr, "%s %s: not a number from 1 to %d\n", name, value, table[i].most);
        exit(2);
    }
    *table[i].number = (int)number;
}

static void set_options(int argc, char **argv) {
    for (int i = 1; i < argc; i += 2) {
        set_option(argv[i], argv[i + 1]);
    }
    if (count_chosen() == 0) {
        fprintf(stderr, "--kind %s: there is no such kind\n", options.kind);
        exit(2);
    }
}

/* ---- Training -------------------------------------------------------------------------------- */

static ranks here;
static progress bar;
static FILE *results_file, *certainty_file;

typedef struct score {
    double loss, accuracy;
} score;

static int share_begin(int count, int rank) { return (int)((long)count * rank / here.count); }

/* Without dropout. Each rank does its share of the images. */
static score evaluate(net *n, const dataset *data) {
    double sums[2] = {0, 0};
    const int end = share_begin(data->count, here.rank + 1);
    for (int first = share_begin(data->count, here.rank); first < end; first += NET_CAPACITY) {
        const int samples = end - first < NET_CAPACITY ? end - first : NET_CAPACITY;
        const batch b = {.samples = samples, .whole = samples};
        net_forward(n, data->images + (size_t)first * (size_t)shape_size(data->image), &b);
        net_score(n, data->labels + first, &b, &sums[0], &sums[1]);
    }
    ranks_add(sums, 2);
    return (score){sums[0] / data->count, 100 * sums[1] / data->count};
}

/* One step on the samples order[0 ... whole-1], of which each rank does its share. */
static void train_step(net *n, const dataset *data, const int *order, int whole, real *images) {
    const int first = share_begin(whole, here.rank);
    const batch b = {.samples = share_begin(whole, here.rank + 1) - first,
                     .first = first,
                     .whole = whole,
                     .training = 1,
                     .rng = net_rng(n, n->step)};
    const size_t size = (size_t)shape_size(data->image);
    unsigned char labels[NET_CAPACITY];
    for (int i = 0; i < b.samples; i++) {
        const size_t from = (size_t)order[first + i];
        memcpy(images + (size_t)i * size, data->images + from * size, size * sizeof *images);
        labels[i] = data->labels[from];
    }
    net_forward(n, images, &b);
    net_backward(n, labels, &b);
    ranks_add_reals(n->gradients, n->parameter_count);
    net_update(n, 0.001);
    progress_step(&bar);
}

static void shuffle(int *order, int count, uint64_t *state) {
    for (int i = count - 1; i > 0; i--) {
        const int j = (int)(random_bits(state) % (uint64_t)(i + 1));
        const int other = order[j];
        order[j] = order[i], order[i] = other;
    }
}

/* FNV-1a of the weights' bytes: two trainings that print the same end with the same weights. */
static uint64_t fingerprint(const net *n) {
    const unsigned char *bytes = (const unsigned char *)n->parameters;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n->parameter_count * sizeof *n->parameters; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void report_epoch(const dropout_kind *kind, int seed, int epoch, score train, score test) {
    if (here.rank == 0) {
        progress_clear(&bar);
        printf("%-10s seed %d  epoch %2d  train %6.2f%%  test %6.2f%%  test loss %.6f\n",
               kind->name, seed, epoch, train.accuracy, test.accuracy, test.loss);
        fflush(stdout);
    }
    if (results_file != NULL) {
        fprintf(results_file, "%s,%d,%d,%.6f,%.3f,%.6f,%.3f\n", kind->name, seed, epoch, train.loss,
                train.accuracy, test.loss, test.accuracy);
    }
}

static void train_epochs(net *n, const dropout_kind *kind, const dataset *train,
                         const dataset *test) {
    int *order = malloc((size_t)train->count * sizeof *order);
    real *images =
        malloc((size_t)options.batch * (size_t)shape_size(train->image) * sizeof *images);
    uint64_t state = ~n->seed; /* other numbers than the weights took */
    if (order == NULL || images == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    for (int i = 0; i < train->count; i++) {
        order[i] = i;
    }
    for (int epoch = 1; epoch <= options.epochs; epoch++) {
        shuffle(order, train->count, &state);
        for (int i = 0; i < train->count; i += options.batch) {
            const int left = train->count - i;
            train_step(n, train, order + i, left < options.batch ? left : options.batch, images);
        }
        const score train_score = evaluate(n, train), test_score = evaluate(n, test);
        report_epoch(kind, (int)n->seed, epoch, train_score, test_score);
    }
    free(images);
    free(order);
}

/* What planedrop says of the kind: UNSUPPORTED where it does not have its law. */
static planedrop_status train_once(const dropout_kind *kind, int seed, pool *p,
                                   const dataset *train, const dataset *test) {
    net n;
    const planedrop_status status = net_init(&n, p, train->image, kind, (uint64_t)seed);
    if (status != PLANEDROP_OK) {
        return status;
    }
    train_epochs(&n, kind, train, test);
    if (here.rank == 0) {
        printf("%-10s seed %d  weights %016" PRIx64 "\n", kind->name, seed, fingerprint(&n));
    }
    if (certainty_file != NULL && seed == 1) {
        dataset first = *test;
        first.count = first.count < options.certain ? first.count : options.certain;
        certainty_write(certainty_file, kind->name, &n, &first, options.passes);
    }
    net_free(&n);
    return status;
}

/* How many kinds were trained. */
static int train_kinds(pool *p, const dataset *train, const dataset *test) {
    const long steps = (train->count + options.batch - 1) / options.batch;
    int trained = count_chosen();
    bar = progress_begin(steps * options.epochs * options.seeds * trained, here.rank == 0);
    for (int k = 0; k < KINDS; k++) {
        planedrop_status status = PLANEDROP_OK;
        for (int seed = 1; seed <= options.seeds && chosen(&kinds[k]) && status == PLANEDROP_OK;
             seed++) {
            status = train_once(&kinds[k], seed, p, train, test);
        }
        trained -= status != PLANEDROP_OK;
        if (status != PLANEDROP_OK && here.rank == 0) {
            progress_clear(&bar);
            printf("%-10s not available: %s\n", kinds[k].name, planedrop_status_string(status));
        }
    }
    progress_clear(&bar);
    return trained;
}

static FILE *create(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", options.out, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void create_results(void) {
    results_file = create("results.csv");
    certainty_file = create("certainty.csv");
    fputs("kind,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy\n", results_file);
    certainty_header(certainty_file);
}

static void close_whole(FILE *file) {
    const int failed = ferror(file);
    if (fclose(file) != 0 || failed) {
        fputs("the results could not be written\n", stderr);
        exit(1);
    }
}

int main(int argc, char **argv) {
    here = ranks_begin(&argc, &argv);
    set_options(argc, argv);
#ifdef ENGINE_OPENBLAS
    openblas_set_num_threads(1); /* the pool's threads are enough */
#endif
    dataset train = data_read(options.data, "train", options.train, NULL);
    dataset test = data_read(options.data, "t10k", options.test, &train);
    pool *p = pool_new(options.threads < PARTS ? options.threads : PARTS);
    if (p == NULL) {
        fputs("the threads cannot be started\n", stderr);
        return 1;
    }
    if (options.out != NULL && here.rank == 0) {
        create_results();
    }
    const int trained = train_kinds(p, &train, &test);
    pool_free(p);
    data_free(&train);
    data_free(&test);
    if (results_file != NULL) {
        close_whole(results_file);
        close_whole(certainty_file);
    }
    ranks_end();
    return trained == 0;
}
