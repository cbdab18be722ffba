/* Misuses the interface of RGA's library in the way of argv[1], against the functional double it is linked to, which must
 * note it. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct { void *addresses[2]; int fd, width, height, row, rows, format, colours, rest[12]; uint32_t handle; } image_t;
typedef struct { int left, top, width, height; } part_t;
typedef struct { uint32_t width, height, format; } extent_t;
const char *querystring(int);
uint32_t importbuffer_fd(int, extent_t *);
int releasebuffer_handle(uint32_t);
image_t wrapbuffer_handle_t(uint32_t, int, int, int, int, int);
int improcess(image_t, image_t, image_t, part_t, part_t, part_t, int);

enum { WIDTH = 640, ROWS = 480, SIDE = 256, NV12 = 0xA00, RGB = 0x200, WAIT = 1 << 19 };

static int memory(long bytes) {
    int fd = memfd_create("memory", 0);
    return ftruncate(fd, bytes) ? -1 : fd;
}

int main(int count, char **words) {
    int is = count > 1 ? atoi(words[1]) : -1, usage = WAIT;
    if (is != 0) querystring(1);
    extent_t wide = {is == 1 ? WIDTH + 8 : WIDTH, ROWS, NV12}, small = {SIDE, SIDE, RGB};
    int fd = is == 2 ? 999 : memory(is == 3 ? 1000 : 2 * WIDTH * ROWS);
    uint32_t frame = importbuffer_fd(fd, &wide);
    if (is <= 3) return frame != 0;
    if (is == 4) return importbuffer_fd(fd, &wide) != 0;
    uint32_t input = importbuffer_fd(memory(3 * SIDE * SIDE), &small);
    image_t source = wrapbuffer_handle_t(frame, WIDTH, ROWS, WIDTH, ROWS, NV12), none = {.fd = 0};
    image_t target = wrapbuffer_handle_t(input, SIDE, SIDE, SIDE, SIDE, RGB);
    part_t from = {0, 0, WIDTH, ROWS}, to = {0, 0, SIDE, SIDE}, nothing = {0, 0, 0, 0};
    target.colours = 1;
    switch (is) {
    case 5: releasebuffer_handle(frame); break;
    case 6: releasebuffer_handle(frame); return releasebuffer_handle(frame) == 1;
    case 7: close(fd); return releasebuffer_handle(frame) == 1;
    case 8: target.colours = 0x100; break;
    case 9: source.format = RGB; break;
    case 10: source.row = WIDTH - 16; break;
    case 11: from.width = 2; break;
    case 12: usage = 0; break;
    case 13: target.rest[0] = 0; break;
    default: return 2;
    }
    return improcess(source, target, none, from, to, nothing, usage) == 1;
}
