# The libraries that calls with literals load in each file of the standard library, a line of JSON for each file.
require "json"
require "ripper"

def literal(node)
  return unless node.is_a?(Array) && node[0] == :string_literal
  content = node[1]
  return unless content.is_a?(Array) && content[0] == :string_content && content.size == 2
  content[1][1] if content[1][0] == :@tstring_content && !content[1][1].include?("\\")
end

def arguments(node)
  node = node[1] if node.is_a?(Array) && node[0] == :arg_paren
  node.is_a?(Array) && node[0] == :args_add_block ? node[1] : []
end

# The name of the method that is called on nothing, on self or on Kernel.
def called(node)
  case node[0]
  when :fcall, :command then node[1][1] if node[1][0] == :@ident
  when :call, :command_call
    receiver = node[1]
    known = receiver in [:var_ref, [:@const, "Kernel", *]] | [:var_ref, [:@kw, "self", *]]
    node[3][1] if known && node[3].is_a?(Array)
  end
end

def loaded(name, arguments)
  case name
  when "autoload" then literal(arguments[1])
  when "require_relative"
    path = literal(arguments[0])
    path && !path.start_with?(".", "/") ? "./#{path}" : path
  when "require" then literal(arguments[0])
  end
end

def modules(tree)
  found = []
  open = [tree]
  until open.empty?
    node = open.pop
    next unless node.is_a?(Array)
    case node[0]
    when :command then found << loaded(called(node), arguments(node[2]))
    when :command_call then found << loaded(called(node), arguments(node[4]))
    when :method_add_arg then found << loaded(called(node[1]), arguments(node[2])) if node[1].is_a?(Array)
    end
    open.concat(node)
  end
  found.compact.map { |path| path.delete_suffix(".rb") }.uniq.sort
end

directories = [RbConfig::CONFIG["rubylibdir"], RbConfig::CONFIG["vendordir"], *Gem.path, *ARGV]
files = directories.flat_map { |directory| Dir.glob("#{directory}/**/*.rb") }.uniq.select { |file| File.file?(file) }
files.first(3000).each do |file|
  code = File.binread(file).force_encoding("UTF-8")
  # A method of the file's own loads nothing.
  next if code.match?(/def (require|require_relative|autoload)\b/)
  tree = Ripper.sexp(code)
  puts JSON.generate(path: file, modules: modules(tree)) if tree
rescue ArgumentError, EncodingError
  next
end
