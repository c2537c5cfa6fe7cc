// Map: the entries of a CEL map in the order they were written, found by key. Numbers are one key whatever
// their type: 1, 1u and 1.0. Pure; belongs to one Value.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/expression/value.hpp"

namespace runbook::expression {

class Map {
 public:
  struct Entry {
    Value key;
    Value value;
  };
  enum class Insertion : std::uint8_t { kDone, kNoKey, kDuplicate };

  // kNoKey: only bool, int, uint and string can be keys. kDuplicate: an equal key is there already.
  Insertion insert(Value key, Value value);

  // Null without such a key. Any value may be asked for.
  const Value* find(const Value& key) const;

  const std::vector<Entry>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  std::size_t weight() const { return weight_; }
  std::size_t depth() const { return depth_; }

 private:
  using Key = std::variant<bool, std::int64_t, std::uint64_t, std::string_view>;

  static std::optional<Key> key_of(const Value& value);

  std::vector<Entry> entries_;
  std::map<Key, std::size_t> positions_;  // texts are those of the entries
  std::size_t weight_ = 1;
  std::size_t depth_ = 1;
};

}  // namespace runbook::expression
