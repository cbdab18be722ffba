/* A functional double of RGA's library: NOT librga.so, no RGA behind it. Those functions of its C interface that the program
 * calls, with our own declarations.
 *
 * It converts NV12 to RGB by averaging, as RGA reduces pictures; holds whoever calls it to the interface; and does what the
 * plan beside it says (LIBRARY.plan): fail at a call, report another version, give other colours. What it sees goes into
 * LIBRARY.log; a line that begins with VIOLATION is a misuse. Like RGA's library it prints on stdout. */
#include "common_double.h"

#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

typedef struct {
    void *addresses[2];
    int fd, width, height, row, rows, format, colours, rest[12];
    uint32_t handle;
} image_t;
typedef struct { int left, top, width, height; } part_t;
typedef struct { uint32_t width, height, format; } extent_t;
_Static_assert(sizeof(image_t) == 96 && offsetof(image_t, handle) == 92, "as on a 64-bit system");

enum { RGB = 0x200, NV12 = 0xA00, MOST = 64, WAIT = 1 << 19 };

static struct { int is_live, fd; ino_t file; size_t bytes; extent_t extent; } known[MOST];
static unsigned next = 1, is_asked;
static char version[64] = "v1.10.3_[1]", failing[32];
static long fails_after, red_added, colours_always, seen;

#define REFUSED(answer, ...) (note("VIOLATION " __VA_ARGS__), answer)
#define VIOLATION(...) REFUSED(-4, __VA_ARGS__)

__attribute__((constructor)) static void read_plan(void) {
    FILE *file = fopen(beside(".plan"), "r");
    char line[256];
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "fail %31s %ld", failing, &fails_after) >= 1) continue;
        if (sscanf(line, "version %63s", version) == 1) continue;
        if (sscanf(line, "red %ld", &red_added) == 1) continue;
        if (sscanf(line, "colours %ld", &colours_always) == 1) continue;
        if (*line != '\n') note("VIOLATION the plan has an unknown line: %s", line);
    }
    if (file) fclose(file);
    printf("rga_api version %s\n", version);
}

static int is_to_fail(const char *call) { return !strcmp(call, failing) && seen++ >= fails_after; }

const char *querystring(int name) {
    static char text[256];
    if (name != 1) return REFUSED(NULL, "querystring %d", name);
    if (is_to_fail("querystring")) return "get info failed";
    is_asked = 1;
    snprintf(text, sizeof text, "RGA_api version       : %s\nRGA version           : RGA_2_Enhance RGA_3 \n", version);
    return text;
}

const char *imStrError_t(int status) {
    printf("a complaint on stdout\n");
    return status == 0 ? "Fatal error: planned" : "Invalid parameters: planned";
}

static size_t bytes_of(uint32_t format, size_t row, size_t rows) {
    return format == RGB ? 3 * row * rows : format == NV12 ? row * rows * 3 / 2 : 0;
}

uint32_t importbuffer_fd(int fd, extent_t *extent) {
    struct stat facts;
    if (!is_asked) return REFUSED(0u, "importbuffer_fd before it is known what is there");
    if (fcntl(fd, F_GETFD) < 0 || fstat(fd, &facts)) return REFUSED(0u, "importbuffer_fd of no descriptor");
    if (!extent || extent->width % 16 || (extent->format == NV12 && extent->height % 2))
        return REFUSED(0u, "importbuffer_fd: rows that RGA refuses");
    size_t bytes = bytes_of(extent->format, extent->width, extent->height);
    if (!bytes || (size_t)facts.st_size < bytes) return REFUSED(0u, "importbuffer_fd: %zu bytes", (size_t)facts.st_size);
    for (unsigned i = 1; i < next; i++)
        if (known[i].is_live && known[i].file == facts.st_ino) return REFUSED(0u, "importbuffer_fd of the same memory");
    if (next == MOST) return REFUSED(0u, "importbuffer_fd: handles are not kept");
    if (is_to_fail("importbuffer_fd")) return 0;
    known[next].is_live = 1, known[next].fd = fd, known[next].file = facts.st_ino;
    known[next].bytes = bytes, known[next].extent = *extent;
    note("import %u %ux%u", next, extent->width, extent->height);
    return next++;
}

int releasebuffer_handle(uint32_t handle) {
    struct stat facts;
    if (!handle || handle >= next || !known[handle].is_live) return VIOLATION("releasebuffer_handle of no handle");
    if (fstat(known[handle].fd, &facts) || facts.st_ino != known[handle].file)
        return VIOLATION("releasebuffer_handle after its memory");
    known[handle].is_live = 0;
    note("release %u", handle);
    return 1;
}

image_t wrapbuffer_handle_t(uint32_t handle, int width, int height, int row, int rows, int format) {
    image_t image = {.width = width, .height = height, .row = row, .rows = rows, .format = format, .handle = handle};
    image.rest[0] = 0xff, image.rest[1] = 1;
    return image;
}

static int check(const image_t *image, const part_t *part, int format) {
    if (!image->handle || image->handle >= next || !known[image->handle].is_live) return VIOLATION("improcess on no handle");
    const extent_t *extent = &known[image->handle].extent;
    if (image->format != format || extent->format != (uint32_t)format) return VIOLATION("improcess: format %x", image->format);
    if (image->row != (int)extent->width || image->rows != (int)extent->height || image->row < image->width)
        return VIOLATION("improcess: rows other than the memory's");
    if (part->left || part->top || part->width != image->width || part->height != image->height)
        return VIOLATION("improcess: not the whole picture");
    if (image->width < 68 || (format == NV12 && (image->width % 2 || image->height % 2)))
        return VIOLATION("improcess: %dx%d", image->width, image->height);
    return image->rest[0] == 0xff && image->rest[1] == 1 ? 1 : VIOLATION("improcess: not as wrapbuffer_handle_t has it");
}

/* The mean of one channel over the pixels from which one is made. */
static float mean(const uint8_t *plane, int row, int step, const float from[2], const float to[2]) {
    float sum = 0, weights = 0;
    for (int y = (int)from[1]; y < ceilf(to[1]); y++)
        for (int x = (int)from[0]; x < ceilf(to[0]); x++) {
            float across = fminf(to[0], (float)x + 1) - fmaxf(from[0], (float)x);
            float weight = across * (fminf(to[1], (float)y + 1) - fmaxf(from[1], (float)y));
            sum += weight * plane[(size_t)y * (size_t)row + (size_t)(x * step)], weights += weight;
        }
    return sum / weights;
}

static uint8_t level(float value) { return (uint8_t)lrintf(fminf(fmaxf(value, 0), 255)); }

static void convert(const uint8_t *bytes, const image_t *source, uint8_t *rgb, const image_t *target) {
    const uint8_t *pairs = bytes + (size_t)source->row * (size_t)source->rows;
    long mode = colours_always ? colours_always : target->colours;
    float red = mode == 3 ? 0.2126f : 0.299f, blue = mode == 3 ? 0.0722f : 0.114f, green = 1 - red - blue;
    float scale = mode == 2 ? 1 : 255.0f / 219, chroma = mode == 2 ? 1 : 255.0f / 224, black = mode == 2 ? 0 : 16;
    float step[2] = {(float)source->width / (float)target->width, (float)source->height / (float)target->height};
    for (int y = 0; y < target->height; y++)
        for (int x = 0; x < target->width; x++) {
            float from[2] = {(float)x * step[0], (float)y * step[1]}, to[2] = {from[0] + step[0], from[1] + step[1]};
            float l = scale * (mean(bytes, source->row, 1, from, to) - black);
            for (int i = 0; i < 2; i++) from[i] /= 2, to[i] /= 2;
            float u = chroma * (mean(pairs, source->row, 2, from, to) - 128);
            float v = chroma * (mean(pairs + 1, source->row, 2, from, to) - 128);
            uint8_t *pixel = rgb + 3 * ((size_t)y * (size_t)target->row + (size_t)x);
            pixel[0] = level(l + 2 * (1 - red) * v + (float)red_added);
            pixel[1] = level(l - 2 * ((1 - red) * red * v + (1 - blue) * blue * u) / green);
            pixel[2] = level(l + 2 * (1 - blue) * u);
        }
}

int improcess(image_t source, image_t target, image_t pattern, part_t from, part_t to, part_t none, int usage) {
    if (usage != WAIT || pattern.handle || pattern.fd || none.width || none.height) return VIOLATION("improcess: an argument");
    if (check(&source, &from, NV12) < 0 || check(&target, &to, RGB) < 0) return -4;
    if (target.colours < 1 || target.colours > 3 || source.colours) return VIOLATION("improcess: colours %d", target.colours);
    if (source.width > 8 * target.width || source.height > 8 * target.height) return VIOLATION("improcess: reduced too much");
    if (is_to_fail("improcess")) return note("fails"), 0;
    void *places[2];
    const image_t *images[2] = {&source, &target};
    for (int i = 0; i < 2; i++) {
        places[i] = mmap(NULL, known[images[i]->handle].bytes, PROT_READ | PROT_WRITE, MAP_SHARED, known[images[i]->handle].fd, 0);
        if (places[i] == MAP_FAILED) return VIOLATION("improcess: memory that cannot be mapped");
    }
    convert(places[0], &source, places[1], &target);
    for (int i = 0; i < 2; i++) munmap(places[i], known[images[i]->handle].bytes);
    note("process %u to %u, colours %d", source.handle, target.handle, target.colours);
    return 1;
}
