// Value: a value of CEL: null, bool, int, uint (64 bits each), double, string, bytes, list, map or type.
// Immutable and cheap to copy: big parts are shared. Pure; copies may be used on several threads.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace runbook::expression {

enum class Type : std::uint8_t { kNull, kBool, kInt, kUint, kDouble, kString, kBytes, kList, kMap, kType };

// As type() denotes it: "null_type", "bool", "int", …
std::string_view name_of(Type type);

class Map;

class Value {
 public:
  using List = std::vector<Value>;

  Value() = default;  // null
  static Value of_bool(bool value) { return Value(value); }
  static Value of_int(std::int64_t value) { return Value(value); }
  static Value of_uint(std::uint64_t value) { return Value(value); }
  static Value of_double(double value) { return Value(value); }
  static Value of_string(std::string value);  // UTF-8
  static Value of_bytes(std::string value);
  static Value of_list(List value);
  static Value of_map(Map value);
  static Value of_type(Type value) { return Value(value); }

  // Integers become int, or uint beyond int; other numbers double.
  static Value from_json(const boost::json::value& value);

  // Each as_… only on a value of that type.
  Type type() const { return static_cast<Type>(content_.index()); }
  bool as_bool() const { return std::get<bool>(content_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(content_); }
  std::uint64_t as_uint() const { return std::get<std::uint64_t>(content_); }
  double as_double() const { return std::get<double>(content_); }
  const std::string& as_string() const { return *std::get<String>(content_); }
  const std::string& as_bytes() const { return *std::get<Bytes>(content_).bytes; }
  const List& as_list() const;
  const Map& as_map() const;
  Type as_type() const { return std::get<Type>(content_); }

  bool is_bool() const { return type() == Type::kBool; }
  bool is_string() const { return type() == Type::kString; }
  bool is_number() const { return type() >= Type::kInt && type() <= Type::kDouble; }

  // How much there is to read of it: 1, plus 1 for every 64 bytes of text, plus the weights of its parts,
  // each counted as often as it occurs. Levels of lists and maps in it: 0 for anything else.
  std::size_t weight() const;
  std::size_t depth() const;

 private:
  using String = std::shared_ptr<const std::string>;
  struct Bytes {
    String bytes;
  };
  struct ListBody;
  using Content =
      std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, String, Bytes,
                   std::shared_ptr<const ListBody>, std::shared_ptr<const Map>, Type>;  // in Type's order

  explicit Value(Content content) : content_(std::move(content)) {}

  Content content_;
};

// JSON of a value: bytes as base64, a type as its name, keys of maps as their text. An error, in words, where
// there is none: a number that is not finite, two keys with one text.
std::expected<boost::json::value, std::string> to_json(const Value& value);

// The text that a substitution puts in place: strings as they are, booleans and numbers as string() makes
// them, lists and maps as JSON. Null, bytes and types are errors, in words.
std::expected<std::string, std::string> to_text(const Value& value);

// As `eval` prints it: JSON in which a double keeps its point, and NaN, Infinity, -Infinity are bare words.
std::string print(const Value& value);

// The same for a message: cut when it is long.
std::string shown(const Value& value);

// string() of a double: the shortest digits that read back as the same number, "1" for 1.0.
std::string double_text(double value);

}  // namespace runbook::expression
