// The scanner of tree-sitter-python 0.25.0, which writes one byte more of its state than there is room for where blocks
// are nested deeply (tree-sitter/tree-sitter-python#350), and so ended the process. What does not fit is left out here:
// more than 500 levels, or 255 strings in strings, Python itself refuses to compile.

#define tree_sitter_python_external_scanner_serialize upstream_python_serialize
#include "upstream/python.c"
#undef tree_sitter_python_external_scanner_serialize

unsigned tree_sitter_python_external_scanner_serialize(void *payload, char *buffer) {
    char written[TREE_SITTER_SERIALIZATION_BUFFER_SIZE + 1];
    unsigned size = upstream_python_serialize(payload, written);
    if (size > TREE_SITTER_SERIALIZATION_BUFFER_SIZE) {
        // The level of which half fits.
        size -= 2;
    }
    memcpy(buffer, written, size);
    return size;
}
