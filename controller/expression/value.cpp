#include "controller/expression/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "controller/expression/map.hpp"
#include "controller/expression/numbers.hpp"

namespace runbook::expression {
namespace {

constexpr std::size_t kBytesOfOneWeight = 64;

// Sizes of shared parts multiply; they stay at the top instead of wrapping.
std::size_t sum(std::size_t left, std::size_t right) {
  const auto most = std::numeric_limits<std::size_t>::max();
  return left > most - right ? most : left + right;
}

}  // namespace

std::string_view name_of(Type type) {
  static constexpr std::array<std::string_view, 10> kNames = {"null_type", "bool",  "int",  "uint", "double",
                                                              "string",    "bytes", "list", "map",  "type"};
  return kNames.at(static_cast<std::size_t>(type));
}

struct Value::ListBody {
  List items;
  std::size_t weight = 1;
  std::size_t depth = 1;
};

Value Value::of_string(std::string value) {
  return Value(Content(std::in_place_type<String>, std::make_shared<const std::string>(std::move(value))));
}

Value Value::of_bytes(std::string value) {
  return Value(Content(Bytes{std::make_shared<const std::string>(std::move(value))}));
}

Value Value::of_list(List value) {
  ListBody body{.items = std::move(value)};
  for (const auto& item : body.items) {
    body.weight = sum(body.weight, item.weight());
    body.depth = std::max(body.depth, item.depth() + 1);
  }
  return Value(Content(std::make_shared<const ListBody>(std::move(body))));
}

Value Value::of_map(Map value) { return Value(Content(std::make_shared<const Map>(std::move(value)))); }

const Value::List& Value::as_list() const {
  return std::get<std::shared_ptr<const ListBody>>(content_)->items;
}

const Map& Value::as_map() const { return *std::get<std::shared_ptr<const Map>>(content_); }

std::size_t Value::weight() const {
  switch (type()) {
    case Type::kString: return 1 + as_string().size() / kBytesOfOneWeight;
    case Type::kBytes: return 1 + as_bytes().size() / kBytesOfOneWeight;
    case Type::kList: return std::get<std::shared_ptr<const ListBody>>(content_)->weight;
    case Type::kMap: return as_map().weight();
    default: return 1;
  }
}

std::size_t Value::depth() const {
  if (type() == Type::kList) return std::get<std::shared_ptr<const ListBody>>(content_)->depth;
  return type() == Type::kMap ? as_map().depth() : 0;
}

Value Value::from_json(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return {};
    case boost::json::kind::bool_: return of_bool(value.get_bool());
    case boost::json::kind::int64: return of_int(value.get_int64());
    case boost::json::kind::uint64: {
      const auto number = value.get_uint64();
      if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return of_int(static_cast<std::int64_t>(number));
      }
      return of_uint(number);
    }
    case boost::json::kind::double_: return of_double(value.get_double());
    case boost::json::kind::string: return of_string(std::string(value.get_string()));
    case boost::json::kind::array: {
      List items;
      items.reserve(value.get_array().size());
      for (const auto& item : value.get_array()) items.push_back(from_json(item));
      return of_list(std::move(items));
    }
    case boost::json::kind::object: {
      Map map;
      for (const auto& member : value.get_object()) {
        map.insert(of_string(std::string(member.key())), from_json(member.value()));
      }
      return of_map(std::move(map));
    }
  }
  return {};
}

std::optional<Map::Key> Map::key_of(const Value& value) {
  switch (value.type()) {
    case Type::kBool: return Key(value.as_bool());
    case Type::kString: return Key(std::string_view(value.as_string()));
    case Type::kInt: return Key(value.as_int());
    case Type::kUint: {
      if (const auto number = exact_int(value)) return Key(*number);
      return Key(value.as_uint());
    }
    case Type::kDouble: {
      if (const auto number = exact_int(value)) return Key(*number);
      if (const auto number = exact_uint(value)) return Key(*number);
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

Map::Insertion Map::insert(Value key, Value value) {
  if (key.type() == Type::kDouble) return Insertion::kNoKey;
  const auto found = key_of(key);
  if (!found) return Insertion::kNoKey;
  if (!positions_.emplace(*found, entries_.size()).second) return Insertion::kDuplicate;
  weight_ = sum(weight_, sum(key.weight(), value.weight()));
  depth_ = std::max(depth_, value.depth() + 1);
  entries_.push_back({std::move(key), std::move(value)});
  return Insertion::kDone;
}

const Value* Map::find(const Value& key) const {
  const auto wanted = key_of(key);
  if (!wanted) return nullptr;
  const auto found = positions_.find(*wanted);
  return found == positions_.end() ? nullptr : &entries_[found->second].value;
}

}  // namespace runbook::expression
