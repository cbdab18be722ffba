/* What the functional doubles of libraries share: the files beside them. Included first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The path of the library or program that this is in, with a suffix. */
static const char *beside(const char *suffix) {
    static _Thread_local char path[4096];
    Dl_info info;
    dladdr((void *)beside, &info);
    snprintf(path, sizeof path, "%s%s", info.dli_fname, suffix);
    return path;
}

/* A line more in the log (LIBRARY.log). */
static void note(const char *format, ...) {
    FILE *file = fopen(beside(".log"), "a");
    if (!file) abort();
    va_list list;
    va_start(list, format);
    vfprintf(file, format, list);
    va_end(list);
    fputc('\n', file);
    fclose(file);
}
