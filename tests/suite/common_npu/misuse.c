/* Misuses the runtime's interface in the way of argv[1], against the double it is linked to, which must note it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { uint32_t index, n_dims, dims[16]; char name[256]; uint32_t rest[15]; uint32_t more[4]; } attr_t;
typedef struct { uint32_t index; void *buf; uint32_t size; uint8_t pass_through; uint32_t type, fmt; } input_t;
typedef struct { uint8_t want_float, is_prealloc; uint32_t index; void *buf; uint32_t size; } output_t;
int rknn_init(uint64_t *, void *, uint32_t, uint32_t, void *);
int rknn_dup_context(uint64_t *, uint64_t *);
int rknn_destroy(uint64_t);
int rknn_query(uint64_t, uint32_t, void *, uint32_t);
int rknn_set_core_mask(uint64_t, uint32_t);
int rknn_run(uint64_t, void *);
int rknn_inputs_set(uint64_t, uint32_t, input_t *);
int rknn_outputs_get(uint64_t, uint32_t, output_t *, void *);
int rknn_outputs_release(uint64_t, uint32_t, output_t *);
void *rknn_create_mem(uint64_t, uint32_t);
int rknn_destroy_mem(uint64_t, void *);
int rknn_set_io_mem(uint64_t, void *, attr_t *);
int rknn_mem_sync(uint64_t, void *, uint32_t);

enum { PIXELS = 96 * 128 * 3, MAP = 48 * 64, U8 = 3, NHWC = 1, MOST = 4 << 20 };
static uint8_t pixels[PIXELS], map[MAP], model[MOST];

int main(int count, char **words) {
    int is = count > 2 ? atoi(words[1]) : -1;
    FILE *file = fopen(words[2], "rb");
    uint32_t size = (uint32_t)fread(model, 1, MOST, file);
    uint64_t context = 0, second = 0;
    int answer = rknn_init(&context, model, size, is == 0 ? 8 : 0, NULL);
    input_t input = {.buf = pixels, .size = PIXELS, .type = U8, .fmt = NHWC};
    output_t output = {.is_prealloc = 1, .buf = map, .size = MAP};
    attr_t attr;
    memset(&attr, 0, sizeof attr);
    switch (is) {
    case 1: answer = rknn_query(context, 1, &attr, sizeof attr - 4); break;
    case 2: attr.index = 1, answer = rknn_query(context, 2, &attr, 376); break;
    case 3: input.type = 0, answer = rknn_inputs_set(context, 1, &input); break;
    case 4: input.pass_through = 1, answer = rknn_inputs_set(context, 1, &input); break;
    case 5: input.size /= 2, answer = rknn_inputs_set(context, 1, &input); break;
    case 6: answer = rknn_run(context, NULL); break;
    case 7: rknn_inputs_set(context, 1, &input), answer = rknn_outputs_get(context, 1, &output, NULL); break;
    case 8: answer = rknn_outputs_release(context, 1, &output); break;
    case 9: rknn_inputs_set(context, 1, &input), rknn_run(context, NULL);
        rknn_outputs_get(context, 1, &output, NULL), rknn_inputs_set(context, 1, &input);
        answer = rknn_run(context, NULL); break;
    case 10: rknn_destroy(context), answer = rknn_run(context, NULL); break;
    case 11: rknn_destroy(context), answer = rknn_destroy(context); break;
    case 12: answer = rknn_set_core_mask(context, 5); break;
    case 13: rknn_create_mem(context, 64), rknn_destroy(context), answer = -5; break;
    case 14: { void *mem = rknn_create_mem(context, 64);
        rknn_destroy_mem(context, mem), answer = rknn_destroy_mem(context, mem); break; }
    case 15: { rknn_query(context, 8, &attr, 376);
        void *mem = rknn_create_mem(context, PIXELS);
        answer = rknn_set_io_mem(context, mem, &attr); break; } /* the type stays INT8 */
    case 16: { rknn_inputs_set(context, 1, &input), rknn_query(context, 9, &attr, 376);
        answer = rknn_set_io_mem(context, rknn_create_mem(context, MAP * 32), &attr); break; }
    case 17: { rknn_query(context, 9, &attr, 376);
        rknn_set_io_mem(context, rknn_create_mem(context, MAP * 32), &attr);
        answer = rknn_inputs_set(context, 1, &input); break; }
    case 18: { rknn_query(context, 9, &attr, 376);
        answer = rknn_set_io_mem(context, rknn_create_mem(context, 64), &attr); break; }
    case 19: rknn_dup_context(&context, &second), rknn_destroy(context), answer = -5; break;
    case 20: rknn_inputs_set(context, 1, &input), rknn_run(context, NULL), answer = rknn_run(context, NULL); break;
    case 21: { rknn_query(context, 9, &attr, 376);
        void *mem = rknn_create_mem(context, MAP * 32);
        rknn_set_io_mem(context, mem, &attr), answer = rknn_mem_sync(context, mem, 1); break; }
    case 22: answer = rknn_run(0, NULL); break;
    case 23: answer = rknn_query(context, 6, &attr, 56); break;
    default: break;
    }
    return answer < 0 ? 0 : 1;
}
