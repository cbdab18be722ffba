/* A test double of the NPU's runtime: NOT librknnrt.so, no NPU behind it. Same C interface, our own declarations.
 *
 * It computes the darkness network of tests/fixtures/rknn/make.py from the pixels, checks every argument and the order
 * of calls, and does what the plan beside it says (LIBRARY.plan): fail, hang, answer slowly, report other layouts.
 * What it sees goes into LIBRARY.log; a line that begins with VIOLATION is a misuse of the interface. */
#include "common_double.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "2.5.0"
#endif
const char rknn_double_version[] = "librknnrt version: " VERSION " (a test double)";

typedef uint64_t context_t;
typedef struct { uint32_t inputs, outputs; } counts_t;
typedef struct {
    uint32_t index, n_dims, dims[16];
    char name[256];
    uint32_t n_elems, size, fmt, type, qnt_type;
    int8_t fl;
    int32_t zp;
    float scale;
    uint32_t w_stride, size_with_stride;
    uint8_t pass_through;
    uint32_t h_stride;
} attr_t;
typedef struct { char runtime[256], driver[256]; } version_t;
typedef struct { int64_t micros; } perf_t;
typedef struct { uint32_t weights, internal; uint64_t dma; uint32_t sram, free_sram, reserved[10]; } memory_size_t;
typedef struct { void *virt; uint64_t phys; int32_t fd, offset; uint32_t size, flags; void *priv; } mem_t;
typedef struct { uint32_t index; void *buf; uint32_t size; uint8_t pass_through; uint32_t type, fmt; } input_t;
typedef struct { uint8_t want_float, is_prealloc; uint32_t index; void *buf; uint32_t size; } output_t;
_Static_assert(sizeof(attr_t) == 376 && sizeof(version_t) == 512 && sizeof(mem_t) == 40, "as on a 64-bit system");
_Static_assert(sizeof(memory_size_t) == 64 && sizeof(input_t) == 32 && sizeof(output_t) == 24 && offsetof(attr_t, scale) == 356, "likewise");

enum { F32 = 0, F16 = 1, I8 = 2, U8 = 3 };
enum { NCHW = 0, NHWC = 1, NC1HWC2 = 2 };
enum { MOST_CONTEXTS = 256, MOST_MEMORIES = 64, GROUP = 16, GARBAGE = 0x55 };

typedef struct { mem_t mem; context_t owner; int live; uint8_t *other_side; uint32_t bytes; } memory_t;
typedef struct {
    int live, core, general, zero_copy, has_run, is_set, outstanding, synced;
    context_t parent;
    atomic_int busy;
    uint8_t *pixels;
    float *map;
    memory_t *input, *output;
    unsigned long runs, sets, gets, releases;
} record_t;

static record_t records[MOST_CONTEXTS];
static memory_t memories[MOST_MEMORIES];
static unsigned next_context = 1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- the plan and the log ---- */

static struct {
    uint32_t height, width, out_height, out_width, in_stride, out_stride;
    int inputs, outputs, general_format, native_format, native_input, type, quantised, sync_needed;
    float scale;
    int zero_point;
    long slow_millis, micros, internal_kib;
    char runtime[256], driver[256];
    struct { char call[32]; int code; long after, seen; int hangs; } faults[16];
    int n_faults, is_read;
} plan;

#define VIOLATION(...) (note("VIOLATION " __VA_ARGS__), -5)

static int named(const char *word) {
    const char *names[] = {"float32", "float16", "int8", "uint8", "nchw", "nhwc", "nc1hwc2"};
    const int values[] = {F32, F16, I8, U8, NCHW, NHWC, NC1HWC2};
    for (int i = 0; i < 7; i++)
        if (!strcmp(word, names[i])) return values[i];
    return atoi(word);
}

static void read_line(const char *line) {
    char key[64], word[64] = "", third[64] = "", fourth[64] = "";
    if (sscanf(line, "%63s %63s %63s %63s", key, word, third, fourth) < 1) return;
    if (!strcmp(key, "fail") || !strcmp(key, "hang")) {
        int fails = key[0] == 'f', i = plan.n_faults++;
        snprintf(plan.faults[i].call, sizeof plan.faults[i].call, "%.31s", word);
        plan.faults[i].hangs = !fails;
        plan.faults[i].code = fails ? atoi(third) : 0;
        plan.faults[i].after = atol(fails ? fourth : third);
    }
#define NUMBER(name) else if (!strcmp(key, #name)) plan.name = named(word);
    NUMBER(height) NUMBER(width) NUMBER(out_height) NUMBER(out_width) NUMBER(in_stride) NUMBER(out_stride)
    NUMBER(inputs) NUMBER(outputs) NUMBER(general_format) NUMBER(native_format) NUMBER(native_input) NUMBER(type)
    NUMBER(quantised) NUMBER(zero_point) NUMBER(slow_millis) NUMBER(micros) NUMBER(internal_kib)
    else if (!strcmp(key, "scale")) plan.scale = strtof(word, NULL);
    else if (!strcmp(key, "runtime")) snprintf(plan.runtime, sizeof plan.runtime, "%s (a test double)", word);
    else if (!strcmp(key, "driver")) snprintf(plan.driver, sizeof plan.driver, "%s", word);
    else note("VIOLATION the plan has an unknown line: %s", line);
}

static void read_plan(void) {
    if (plan.is_read) return;
    plan.is_read = 1;
    plan.height = 96, plan.width = 128, plan.out_height = 48, plan.out_width = 64;
    plan.inputs = plan.outputs = plan.quantised = 1;
    plan.general_format = NCHW, plan.native_format = NC1HWC2, plan.native_input = NHWC, plan.type = I8;
    plan.scale = 1.0f / 255.0f, plan.zero_point = -128, plan.micros = 1234, plan.internal_kib = 4096;
    snprintf(plan.runtime, sizeof plan.runtime, VERSION " (a test double)");
    snprintf(plan.driver, sizeof plan.driver, "0.9.8");
    FILE *file = fopen(beside(".plan"), "r");
    char line[256];
    while (file && fgets(line, sizeof line, file)) read_line(line);
    if (file) fclose(file);
}

static void pause_millis(long millis) {
    struct timespec time = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* The planned answer of a call, 0 to go on. A hang ends when LIBRARY.release is there. */
static int planned(const char *call) {
    for (int i = 0; i < plan.n_faults; i++) {
        if (strcmp(plan.faults[i].call, call) || plan.faults[i].seen++ < plan.faults[i].after) continue;
        if (!plan.faults[i].hangs) return plan.faults[i].code;
        note("hangs in %s", call);
        while (access(beside(".release"), F_OK)) pause_millis(1);
        note("comes back in %s", call);
    }
    return 0;
}

/* ---- contexts: numbers that are never used again, so that use after destroy is seen ---- */

static record_t *enter(context_t context, const char *call) {
    record_t *record = context && context < next_context ? &records[context] : NULL;
    if (!record) return note("VIOLATION %s on no context %llu", call, (unsigned long long)context), NULL;
    if (!record->live)
        return note("VIOLATION %s after destroy of context %llu", call, (unsigned long long)context), NULL;
    if (atomic_exchange(&record->busy, 1))
        return note("VIOLATION %s while another thread uses context %llu", call, (unsigned long long)context), NULL;
    return record;
}

static int leave(record_t *record, int answer) {
    atomic_store(&record->busy, 0);
    return answer;
}

static int create(context_t *context, context_t parent) {
    pthread_mutex_lock(&lock);
    *context = next_context++;
    if (*context >= MOST_CONTEXTS) abort();
    record_t *record = &records[*context];
    record->live = 1, record->core = -1, record->parent = parent;
    record->pixels = calloc(plan.height * plan.width, 3);
    record->map = calloc(plan.out_height * plan.out_width, sizeof(float));
    pthread_mutex_unlock(&lock);
    return 0;
}

int rknn_init(context_t *context, void *model, uint32_t size, uint32_t flag, void *extend) {
    read_plan();
    if (!context || !model || !size || flag || extend) return VIOLATION("rknn_init: an argument");
    uint64_t blob, text;
    const uint8_t *bytes = model;
    if (size < 80 || memcmp(bytes, "RKNN", 4)) return -6;
    memcpy(&blob, bytes + 16, 8);
    if (blob > size - 72) return -6;
    memcpy(&text, bytes + 64 + blob, 8);
    if (64 + blob + 8 + text != size) return -6;
    int answer = planned("rknn_init");
    if (answer) return answer;
    create(context, 0);
    note("init %llu", (unsigned long long)*context);
    return 0;
}

#ifndef WITHOUT_DUP
int rknn_dup_context(context_t *from, context_t *to) {
    if (!from || !to) return VIOLATION("rknn_dup_context: an argument");
    record_t *record = enter(*from, "rknn_dup_context");
    if (!record) return -7;
    int answer = planned("rknn_dup_context");
    if (!answer) create(to, *from), note("dup %llu of %llu", (unsigned long long)*to, (unsigned long long)*from);
    return leave(record, answer);
}
#endif

int rknn_destroy(context_t context) {
    record_t *record = enter(context, "rknn_destroy");
    if (!record) return -7;
    int answer = planned("rknn_destroy");
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST_MEMORIES; i++)
        if (memories[i].live && memories[i].owner == context) note("VIOLATION destroy before its memory");
    for (unsigned i = 1; i < next_context; i++)
        if (records[i].live && records[i].parent == context) note("VIOLATION destroy before its duplicate");
    pthread_mutex_unlock(&lock);
    if (record->outstanding) note("VIOLATION destroy before release of its outputs");
    note("destroy %llu runs %lu sets %lu gets %lu releases %lu", (unsigned long long)context, record->runs,
         record->sets, record->gets, record->releases);
    record->live = 0;
    free(record->pixels);
    free(record->map);
    return leave(record, answer);
}

#ifndef WITHOUT_CORES
int rknn_set_core_mask(context_t context, uint32_t mask) {
    record_t *record = enter(context, "rknn_set_core_mask");
    if (!record) return -7;
    if (mask != 0 && mask != 1 && mask != 2 && mask != 4) return leave(record, VIOLATION("core mask %u", mask));
    int answer = planned("rknn_set_core_mask");
    note("core %llu %u", (unsigned long long)context, mask);
    record->core = (int)mask;
    return leave(record, answer);
}
#endif

/* ---- queries ---- */

static uint32_t element_bytes(int type) { return type == F32 ? 4 : type == F16 ? 2 : 1; }

static void set_dims(attr_t *attr, uint32_t channels, uint32_t height, uint32_t width) {
    uint32_t orders[3][5] = {{1, channels, height, width}, {1, height, width, channels},
                             {1, (channels + GROUP - 1) / GROUP, height, width, GROUP}};
    attr->n_dims = attr->fmt == NC1HWC2 ? 5 : 4;
    attr->n_elems = 1;
    for (uint32_t i = 0; i < attr->n_dims; i++) attr->n_elems *= attr->dims[i] = orders[attr->fmt][i];
}

static attr_t input_attr(int native) {
    attr_t attr = {.fmt = native ? plan.native_input : NHWC, .type = I8, .qnt_type = 2, .scale = 0.0186584f, .zp = -14};
    strcpy(attr.name, "input");
    set_dims(&attr, 3, plan.height, plan.width);
    attr.size = attr.n_elems;
    attr.w_stride = native ? plan.in_stride : 0;
    attr.size_with_stride = attr.w_stride ? attr.w_stride * plan.height * 3 : attr.size;
    return attr;
}

static attr_t output_attr(int native) {
    attr_t attr = {.fmt = native ? plan.native_format : plan.general_format, .type = plan.type};
    strcpy(attr.name, "probability");
    set_dims(&attr, 1, plan.out_height, plan.out_width);
    attr.qnt_type = plan.type == I8 || plan.type == U8 ? 2 : 0;
    attr.scale = plan.scale, attr.zp = plan.zero_point;
    attr.size = attr.n_elems * element_bytes(plan.type);
    attr.w_stride = native ? plan.out_stride : 0;
    /* The NPU pads: channels of a last convolution to 32. */
    attr.size_with_stride = attr.size * 2;
    if (attr.w_stride) attr.size_with_stride = attr.size / plan.out_width * attr.w_stride * 2;
    return attr;
}

static int query_attr(uint32_t command, void *info, uint32_t size) {
    attr_t *attr = info;
    if (size != sizeof *attr) return VIOLATION("rknn_query %u: info_len %u", command, size);
    if (attr->index != 0) return VIOLATION("rknn_query %u: index %u", command, attr->index);
    int native = command == 8 || command == 9;
    *attr = command == 1 || command == 8 ? input_attr(native) : output_attr(native);
    return 0;
}

int rknn_query(context_t context, uint32_t command, void *info, uint32_t size) {
    record_t *record = enter(context, "rknn_query");
    if (!record) return -7;
    int answer = info ? planned("rknn_query") : VIOLATION("rknn_query: no place for the answer");
    if (answer) return leave(record, answer);
    if (command == 0) {
        if (size != sizeof(counts_t)) return leave(record, VIOLATION("rknn_query 0: info_len %u", size));
        *(counts_t *)info = (counts_t){(uint32_t)plan.inputs, (uint32_t)plan.outputs};
    } else if (command == 1 || command == 2 || command == 8 || command == 9) {
        answer = query_attr(command, info, size);
    } else if (command == 4) {
        if (size != sizeof(perf_t)) return leave(record, VIOLATION("rknn_query 4: info_len %u", size));
        if (!record->has_run) return leave(record, VIOLATION("rknn_query 4 before a run"));
        ((perf_t *)info)->micros = plan.micros;
    } else if (command == 6) {
        if (size != sizeof(memory_size_t)) return leave(record, VIOLATION("rknn_query 6: info_len %u", size));
        *(memory_size_t *)info = (memory_size_t){
            .weights = 1 << 20, .internal = (uint32_t)plan.internal_kib << 10, .dma = 6 << 20, .sram = 0, .free_sram = 956 << 10};
    } else if (command == 5) {
        if (size != sizeof(version_t)) return leave(record, VIOLATION("rknn_query 5: info_len %u", size));
        version_t *version = info;
        snprintf(version->runtime, sizeof version->runtime, "%s", plan.runtime);
        snprintf(version->driver, sizeof version->driver, "%s", plan.driver);
    } else {
        answer = VIOLATION("rknn_query %u is not known", command);
    }
    return leave(record, answer);
}

/* ---- the network ---- */

static void compute(const uint8_t *pixels, uint32_t stride, float *map) {
    const float shares[3] = {0.5f, 0.3f, 0.2f};
    for (uint32_t y = 0; y < plan.out_height; y++)
        for (uint32_t x = 0; x < plan.out_width; x++) {
            float luma = 0;
            for (int k = 0; k < 12; k++) {
                uint32_t row = 2 * y + (uint32_t)k / 6, column = 2 * x + (uint32_t)k / 3 % 2;
                luma += shares[k % 3] * pixels[((size_t)row * stride + column) * 3 + (size_t)(k % 3)] / 4.0f / 255.0f;
            }
            map[y * plan.out_width + x] = 1.0f / (1.0f + expf(-8.0f * (0.5f - luma)));
        }
}

static void put(uint8_t *place, float value) {
    if (plan.type == F32) {
        memcpy(place, &value, 4);
    } else if (plan.type == F16) {
        _Float16 half = (_Float16)value;
        memcpy(place, &half, 2);
    } else {
        float least = plan.type == I8 ? -128.0f : 0.0f;
        float q = roundf(value / plan.scale) + (float)plan.zero_point;
        *place = (uint8_t)(int)fminf(fmaxf(q, least), least + 255.0f);
    }
}

static void put_map(const record_t *record, int native, uint8_t *to, uint32_t bytes) {
    attr_t attr = output_attr(native);
    uint32_t group = attr.fmt == NC1HWC2 ? GROUP : 1, row = attr.w_stride ? attr.w_stride : plan.out_width;
    memset(to, GARBAGE, bytes);
    for (uint32_t y = 0; y < plan.out_height; y++)
        for (uint32_t x = 0; x < plan.out_width; x++)
            put(to + (size_t)(y * row + x) * group * element_bytes(plan.type), record->map[y * plan.out_width + x]);
}

int rknn_run(context_t context, void *extend) {
    record_t *record = enter(context, "rknn_run");
    if (!record) return -7;
    if (extend) return leave(record, VIOLATION("rknn_run: an extension"));
    if (!record->general && !record->zero_copy) return leave(record, VIOLATION("rknn_run without an input"));
    if (record->general && !record->is_set) return leave(record, VIOLATION("rknn_run on an old input"));
    if (record->outstanding) return leave(record, VIOLATION("rknn_run before release of the outputs"));
    if (record->zero_copy && !(record->input && record->output))
        return leave(record, VIOLATION("rknn_run without memory for every tensor"));
    int answer = planned("rknn_run");
    if (answer) return leave(record, answer);
    if (plan.slow_millis) pause_millis(plan.slow_millis);
    if (record->zero_copy) {
        uint8_t *pixels = record->input->mem.virt;
#ifndef WITHOUT_SYNC
        if (!record->synced) return leave(record, VIOLATION("rknn_run before the input was synced"));
        record->synced = 0;
        pixels = record->input->other_side;
#endif
        compute(pixels, plan.in_stride ? plan.in_stride : plan.width, record->map);
#ifndef WITHOUT_SYNC
        put_map(record, 1, record->output->other_side, record->output->bytes);
        memset(record->output->mem.virt, GARBAGE, record->output->bytes);
#else
        put_map(record, 1, record->output->mem.virt, record->output->bytes);
#endif
    } else {
        compute(record->pixels, plan.width, record->map);
    }
    record->has_run = 1, record->is_set = 0, record->runs++;
    return leave(record, 0);
}

/* ---- tensors that are copied ---- */

int rknn_inputs_set(context_t context, uint32_t count, input_t *input) {
    record_t *record = enter(context, "rknn_inputs_set");
    if (!record) return -7;
    if (record->zero_copy) return leave(record, VIOLATION("rknn_inputs_set on a context with shared memory"));
    if (count != 1 || !input || input->index || !input->buf || input->pass_through)
        return leave(record, VIOLATION("rknn_inputs_set: an argument"));
    if (input->type != U8 || input->fmt != NHWC)
        return leave(record, VIOLATION("rknn_inputs_set: type %u, format %u", input->type, input->fmt));
    if (input->size != plan.height * plan.width * 3)
        return leave(record, VIOLATION("rknn_inputs_set: size %u", input->size));
    int answer = planned("rknn_inputs_set");
    if (!answer) memcpy(record->pixels, input->buf, input->size);
    record->general = record->is_set = 1, record->sets++;
    return leave(record, answer);
}

int rknn_outputs_get(context_t context, uint32_t count, output_t *output, void *extend) {
    record_t *record = enter(context, "rknn_outputs_get");
    if (!record) return -7;
    if (record->zero_copy) return leave(record, VIOLATION("rknn_outputs_get on a context with shared memory"));
    if (!record->has_run || record->outstanding) return leave(record, VIOLATION("rknn_outputs_get: order of calls"));
    if (count != 1 || !output || extend || output->want_float || output->index)
        return leave(record, VIOLATION("rknn_outputs_get: an argument"));
    attr_t attr = output_attr(0);
    if (output->is_prealloc != 1 || !output->buf || output->size != attr.size)
        return leave(record, VIOLATION("rknn_outputs_get: the buffer"));
    int answer = planned("rknn_outputs_get");
    if (answer) return leave(record, answer);
    put_map(record, 0, output->buf, attr.size);
    record->outstanding = 1, record->gets++;
    return leave(record, 0);
}

int rknn_outputs_release(context_t context, uint32_t count, output_t *output) {
    record_t *record = enter(context, "rknn_outputs_release");
    if (!record) return -7;
    if (count != 1 || !output) return leave(record, VIOLATION("rknn_outputs_release: an argument"));
    if (!record->outstanding) return leave(record, VIOLATION("rknn_outputs_release: nothing to release"));
    record->outstanding = 0, record->releases++;
    return leave(record, planned("rknn_outputs_release"));
}

/* ---- tensors in shared memory ---- */

#ifndef WITHOUT_SHARED_MEMORY
static memory_t *known(context_t context, const mem_t *mem) {
    for (int i = 0; i < MOST_MEMORIES; i++)
        if (&memories[i].mem == mem && memories[i].live && memories[i].owner == context) return &memories[i];
    return NULL;
}

mem_t *rknn_create_mem(context_t context, uint32_t size) {
    record_t *record = enter(context, "rknn_create_mem");
    if (!record) return NULL;
    if (!size) return leave(record, VIOLATION("rknn_create_mem of nothing")), NULL;
    if (planned("rknn_create_mem")) return leave(record, 0), NULL;
    pthread_mutex_lock(&lock);
    memory_t *memory = memories;
    while (memory->live) memory++;
    if (memory >= memories + MOST_MEMORIES) abort();
    *memory = (memory_t){.owner = context, .live = 1, .bytes = size, .other_side = malloc(size)};
    memory->mem = (mem_t){.virt = malloc(size), .size = size, .flags = 1, .fd = -1};
    memset(memory->mem.virt, GARBAGE, size);
    memset(memory->other_side, GARBAGE, size);
    pthread_mutex_unlock(&lock);
    note("create_mem %llu %u", (unsigned long long)context, size);
    return leave(record, 0), &memory->mem;
}

int rknn_destroy_mem(context_t context, mem_t *mem) {
    record_t *record = enter(context, "rknn_destroy_mem");
    if (!record) return -7;
    memory_t *memory = known(context, mem);
    if (!memory) return leave(record, VIOLATION("rknn_destroy_mem of memory that is not there"));
    note("destroy_mem %llu %u", (unsigned long long)context, memory->bytes);
    if (record->input == memory) record->input = NULL;
    if (record->output == memory) record->output = NULL;
    free(mem->virt);
    free(memory->other_side);
    memory->live = 0;
    return leave(record, planned("rknn_destroy_mem"));
}

int rknn_set_io_mem(context_t context, mem_t *mem, attr_t *attr) {
    record_t *record = enter(context, "rknn_set_io_mem");
    if (!record) return -7;
    if (record->general) return leave(record, VIOLATION("rknn_set_io_mem on a context whose tensors are copied"));
    if (record->has_run) return leave(record, VIOLATION("rknn_set_io_mem after a run"));
    memory_t *memory = known(context, mem);
    if (!memory || !attr) return leave(record, VIOLATION("rknn_set_io_mem: an argument"));
    int is_input = !strcmp(attr->name, "input");
    if (!is_input && strcmp(attr->name, "probability")) return leave(record, VIOLATION("rknn_set_io_mem: the name"));
    attr_t expected = is_input ? input_attr(1) : output_attr(1);
    if (is_input && (attr->type != U8 || attr->fmt != NHWC || attr->pass_through))
        return leave(record, VIOLATION("rknn_set_io_mem: type %u, format %u", attr->type, attr->fmt));
    if (!is_input && (attr->type != expected.type || attr->fmt != expected.fmt))
        return leave(record, VIOLATION("rknn_set_io_mem: the output's type"));
    if (memory->bytes < expected.size_with_stride) return leave(record, VIOLATION("rknn_set_io_mem: the size"));
    memory_t **place = is_input ? &record->input : &record->output;
    if (*place) return leave(record, VIOLATION("rknn_set_io_mem twice"));
    int answer = planned("rknn_set_io_mem");
    if (!answer) *place = memory, note("set_io_mem %llu %s", (unsigned long long)context, attr->name);
    record->zero_copy = 1;
    return leave(record, answer);
}

#ifndef WITHOUT_SYNC
int rknn_mem_sync(context_t context, mem_t *mem, uint32_t mode) {
    record_t *record = enter(context, "rknn_mem_sync");
    if (!record) return -7;
    memory_t *memory = known(context, mem);
    if (!memory) return leave(record, VIOLATION("rknn_mem_sync of memory that is not there"));
    if (mode != (memory == record->input ? 1u : 2u)) return leave(record, VIOLATION("rknn_mem_sync: mode %u", mode));
    if (mode == 2 && !record->has_run) return leave(record, VIOLATION("rknn_mem_sync before a run"));
    if (mode == 1) memcpy(memory->other_side, mem->virt, memory->bytes), record->synced = 1;
    else memcpy(mem->virt, memory->other_side, memory->bytes);
    return leave(record, planned("rknn_mem_sync"));
}
#endif
#endif
