// The scanner of tree-sitter-ruby 0.23.1, where its state may not fit into what the parser keeps of it.
//
// To try more than one reading, the parser has the scanner write its state down after each token, and read it again.
// Upstream counts in single bytes and checks its room too loosely (tree-sitter/tree-sitter-ruby#269): what did not fit
// came back as another state, or ended the process. Here such a state counts as lost, and stays so.

#define tree_sitter_ruby_external_scanner_create upstream_ruby_create
#define tree_sitter_ruby_external_scanner_destroy upstream_ruby_destroy
#define tree_sitter_ruby_external_scanner_scan upstream_ruby_scan
#define tree_sitter_ruby_external_scanner_serialize upstream_ruby_serialize
#define tree_sitter_ruby_external_scanner_deserialize upstream_ruby_deserialize
#include "upstream/ruby.c"
#undef tree_sitter_ruby_external_scanner_create
#undef tree_sitter_ruby_external_scanner_destroy
#undef tree_sitter_ruby_external_scanner_scan
#undef tree_sitter_ruby_external_scanner_serialize
#undef tree_sitter_ruby_external_scanner_deserialize

// How long a lost state is when written down. Upstream's are longer.
#define LOST_SIZE 1

typedef struct {
    // First, as upstream frees it.
    Scanner upstream;
    bool is_lost;
} MendedScanner;

static bool fits(const Scanner *scanner) {
    size_t size = 2;
    for (uint32_t i = 0; i < scanner->literal_stack.size; i++) {
        int32_t depth = array_get(&scanner->literal_stack, i)->nesting_depth;
        if (depth < 0 || depth > UINT8_MAX) {
            return false;
        }
        size += 5;
    }
    for (uint32_t i = 0; i < scanner->open_heredocs.size; i++) {
        uint32_t length = array_get(&scanner->open_heredocs, i)->word.size;
        if (length > UINT8_MAX) {
            return false;
        }
        size += 4 + length;
    }
    return size < TREE_SITTER_SERIALIZATION_BUFFER_SIZE;
}

// Takes all that is left for a symbol. No other begins with anything but a colon, by which the reader of the tree knows
// it.
static bool scan_what_is_lost(TSLexer *lexer) {
    while (lexer->lookahead == ':') {
        lexer->advance(lexer, true);
    }
    if (lexer->eof(lexer)) {
        return false;
    }
    while (!lexer->eof(lexer)) {
        lexer->advance(lexer, false);
    }
    lexer->mark_end(lexer);
    lexer->result_symbol = SIMPLE_SYMBOL;
    return true;
}

// Ruby takes `<<"` for a heredoc only where the name ends in the same line; else a text follows an operator.
static bool has_name_of_lines(const Scanner *scanner) {
    if (scanner->open_heredocs.size == 0) {
        return false;
    }
    const String *word = &array_back(&scanner->open_heredocs)->word;
    return memchr(word->contents, '\n', word->size) != NULL;
}

void *tree_sitter_ruby_external_scanner_create(void) { return ts_calloc(1, sizeof(MendedScanner)); }

void tree_sitter_ruby_external_scanner_destroy(void *payload) { upstream_ruby_destroy(payload); }

bool tree_sitter_ruby_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
    MendedScanner *scanner = payload;
    if (scanner->is_lost) {
        return scan_what_is_lost(lexer);
    }
    return upstream_ruby_scan(payload, lexer, valid_symbols) &&
           !(lexer->result_symbol == HEREDOC_START && has_name_of_lines(&scanner->upstream));
}

unsigned tree_sitter_ruby_external_scanner_serialize(void *payload, char *buffer) {
    MendedScanner *scanner = payload;
    if (scanner->is_lost || !fits(&scanner->upstream)) {
        buffer[0] = 0;
        return LOST_SIZE;
    }
    return upstream_ruby_serialize(payload, buffer);
}

void tree_sitter_ruby_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
    MendedScanner *scanner = payload;
    scanner->is_lost = length == LOST_SIZE;
    upstream_ruby_deserialize(payload, buffer, scanner->is_lost ? 0 : length);
}
