/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays that numpy and scipy wrote (tests/golden/arrays/make), and hostile ones. */
#include "faults.h"
#include "table_text.h"

#include <stdlib.h>

static const char *golden(const char *name, const struct brn_read_options *options)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/golden/arrays/%s", BRINE_SOURCE_DIR, name);
    return table_text(path, options);
}

static const char matrix[] = ",,: 1.0,2.5,-3.0; 4.0,nan,6e+300;";

TEST(npy_reads_what_numpy_writes)
{
    static const char *const matrices[] = {"c_f8.npy",     "fortran_f8.npy", "big_f8.npy",
                                           "version2.npy", "version3.npy",   "stored.npz",
                                           "deflated.npz", "other_names.npz"};
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"big_fortran_f4.npy", ",: 0.0,1.0; 2.0,3.0; 4.0,5.0;"},
        {"f4.npy", ",: 0.10000000149011612,16777216.0;"},
        {"f2.npy", ",: 0.5,-2.0; inf,5.960464477539063e-08;"},
        {"i1.npy", ",: -128.0,127.0;"},
        {"u8.npy", ",: 1.8446744073709552e+19,7.0;"},
        {"big_i8.npy", ",: 1099511627776.0,-7.0;"},
        {"bool.npy", ",: 1.0,0.0; 0.0,1.0;"},
        {"fortran_bool.npy", ",: 1.0,0.0; 0.0,0.0; 1.0,1.0;"},
        {"vector.npy", ": 1.0; 2.0; 3.0;"},
        {"texts.npy", ": 'a'; '\xc3\xa9\xe2\x82\xac'; ''; '\xf0\x9f\x98\x80 ';"},
        {"big_texts.npy", ": 'a'; '\xc3\xa9\xe2\x82\xac'; ''; '\xf0\x9f\x98\x80 ';"},
        {"text_matrix.npy", ",: 'x','yy'; '','z';"},
        {"bytes.npy", ": 'ab'; 'c';"},
        {"no_rows.npy", ",:"},
        {"only_vector.npz", ": 0.0; 1.0;"},
        {"csr.npz", ",,,: 0.0,1.5,0.0,0.0; 0.0,0.0,0.0,0.0; 2.0,0.0,0.0,-3.25;"},
        {"csc.npz", ",,,: 0.0,1.5,0.0,0.0; 0.0,0.0,0.0,0.0; 2.0,0.0,0.0,-3.25;"},
        {"coo.npz", ",,,: 0.0,1.5,0.0,0.0; 0.0,0.0,0.0,0.0; 2.0,0.0,0.0,-3.25;"},
        {"flags.npz", ",: 1.0,0.0; 0.0,1.0;"},
    };
    const struct brn_read_options one = {.batch_rows = 1};
    for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++) {
        CHECK_TEXT(golden(matrices[i], NULL), matrix);
        CHECK_TEXT(golden(matrices[i], &one), matrix);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_TEXT(golden(rows[i].name, NULL), rows[i].text);
        CHECK_TEXT(golden(rows[i].name, &one), rows[i].text);
    }
}

TEST(npy_refuses_what_is_no_table)
{
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"scalar.npy", "has 0 dimensions"},
        {"cube.npy", "has 3 dimensions"},
        {"complex.npy", "has the dtype '<c16'"},
        {"dates.npy", "has the dtype '<M8[D]'"},
        {"records.npy", "holds records"},
        {"objects.npy", "holds Python objects, that is a pickle"},
        {"long_double.npy", "has the dtype '<f16'"},
        {"no_matrix.npz", "holds no matrix"},
        {"dia.npz", "as 'dia': save it as csr, csc or coo"},
        {"twice.npz", "two entries for column 1: call sum_duplicates() before saving it row=0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = golden(rows[i].name, NULL);
        brn_test_check(strstr(text, rows[i].words) != NULL, __FILE__, __LINE__, "%s: %s",
                       rows[i].name, text);
    }
}

/* A .npy file of that header, and data of so many zero bytes. */
static const char *made(const char *header, size_t data)
{
    struct brn_buffer b = {0};
    size_t n = strlen(header);
    brn_buffer_add(&b, "\x93NUMPY\x01\x00", 8);
    brn_buffer_byte(&b, (char)n);
    brn_buffer_byte(&b, (char)(n >> 8));
    brn_buffer_text(&b, header);
    for (size_t i = 0; i < data; i++)
        brn_buffer_byte(&b, '\0');
    const char *text = content_text("made.npy", brn_buffer_view(&b), NULL);
    brn_buffer_free(&b);
    return text;
}

TEST(npy_believes_no_header)
{
    static const struct {
        const char *header;
        size_t data;
        const char *words;
    } rows[] = {
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1L, 2), }", 16, ",: 0.0,0.0;"},
        {"{'shape':(1,),\"fortran_order\":False,'descr':'|b1'}", 1, ": 0.0;"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", 31, "1 bytes of the array"},
        {"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }", 31, "1 bytes of the array"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", 17, "behind the array"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 8,
         "larger than any memory"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999, 4), }", 8,
         "not as numpy writes it"},
        {"{'descr': '<f8', 'fortran_order': True, 'shape': (1000000000000, 2), }", 8, "ends early"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2000000), }", 8,
         "more than 1000000"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1000, 0), }", 8, "has no columns"},
        {"{'descr': '<U1000000', 'fortran_order': False, 'shape': (1000000,), }", 8, "ends early"},
        {"{'descr': '<U0', 'fortran_order': False, 'shape': (1000000000,), }", 8, "dtype '<U0'"},
        {"{'descr': '<U99999999999', 'fortran_order': False, 'shape': (1,), }", 8, "dtype"},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,), }", 8, "not as numpy writes it"},
        {"{'descr': '<', 'fortran_order': False, 'shape': (1,), }", 8, "dtype '<'"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1 2), }", 8, "not as numpy writes it"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)", 8, "not as numpy writes it"},
        {"{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", 8, "not as numpy writes it"},
        {"{'descr': '<f8', 'shape': (1,)}", 8, "not as numpy writes it"},
        {"{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}", 8, "not as numpy"},
        {"", 0, "not as numpy writes it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = made(rows[i].header, rows[i].data);
        brn_test_check(strstr(text, rows[i].words) != NULL, __FILE__, __LINE__, "%s: %s",
                       rows[i].header, text);
    }
    CHECK(strstr(content_text("v.npy", brn_slice_of("\x93NUMPY\x09\x01"), NULL), "version 9.1"));
    CHECK(
        strstr(content_text("n.npy", brn_slice_of("a,b\n"), NULL), "is not what its suffix says"));
}

static struct brn_bytes load(const char *name)
{
    char path[1024];
    struct brn_bytes bytes = {.memory = NULL};
    brine_error err;
    snprintf(path, sizeof path, "%s/tests/golden/arrays/%s", BRINE_SOURCE_DIR, name);
    CHECK_STATUS(brn_file_read(path, 0, false, &bytes, &err), BRINE_OK, &err);
    return bytes;
}

static const char *const small_files[] = {"c_f8.npy",   "fortran_bool.npy", "texts.npy",
                                          "stored.npz", "deflated.npz",     "csc.npz"};
enum { SMALL_FILES = sizeof small_files / sizeof small_files[0] };

TEST(npy_survives_every_truncation)
{
    for (size_t i = 0; i < SMALL_FILES; i++) {
        struct brn_bytes bytes = load(small_files[i]);
        for (size_t n = 0; n < bytes.view.n; n++) {
            const char *text = content_text(strstr(small_files[i], ".npy") ? "cut.npy" : "cut.npz",
                                            (struct brn_slice){bytes.view.p, n}, NULL);
            brn_test_check(strchr(text, ';') == NULL || strstr(text, "row="), __FILE__, __LINE__,
                           "%s cut at %zu: %s", small_files[i], n, text);
        }
        brn_bytes_free(&bytes);
    }
}

TEST(npy_survives_every_flip)
{
    for (size_t i = 0; i < SMALL_FILES; i++) {
        struct brn_bytes bytes = load(small_files[i]);
        uint8_t *copy = bytes.memory;
        for (size_t n = 0; n < bytes.view.n; n++) {
            copy[n] ^= 0xff;
            CHECK(content_text("flip", bytes.view, NULL)[0]);
            copy[n] ^= 0xff;
        }
        brn_bytes_free(&bytes);
    }
}

TEST(npy_survives_every_failing_allocation)
{
    for (size_t i = 0; i < SMALL_FILES; i++) {
        char path[1024];
        brine_error err;
        bool hit = true;
        snprintf(path, sizeof path, "%s/tests/golden/arrays/%s", BRINE_SOURCE_DIR, small_files[i]);
        for (long n = 1; hit; n++) {
            struct brn_arena arena;
            struct brn_table table;
            brn_arena_init(&arena, 0);
            brn_faults_after(n);
            brine_status status = brn_table_read(path, NULL, &arena, &table, &err);
            hit = brn_faults_hit();
            brn_faults_after(0);
            CHECK_STATUS(status, hit ? BRINE_NOMEM : BRINE_OK, &err);
            brn_arena_free(&arena);
        }
    }
}

/* A deflated member that says 100 bytes and holds far more. */
TEST(npz_member_cannot_be_a_bomb)
{
    struct brn_bytes bytes = load("deflated.npz");
    uint8_t *p = bytes.memory;
    size_t found = 0;
    for (size_t i = 0; i + 4 < bytes.view.n; i++)
        if (memcmp(p + i, "PK\x01\x02", 4) == 0) {
            p[i + 24] = 16; /* the directory's expanded size */
            p[i + 25] = 0;
            found++;
        }
    CHECK(found == 1);
    const char *text = content_text("bomb.npz", bytes.view, NULL);
    CHECK(strstr(text, "expands to more than the limit of 16 bytes") != NULL);
    brn_bytes_free(&bytes);
}
