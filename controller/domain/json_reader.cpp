#include "controller/domain/json_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "protocol/messages/json.hpp"

namespace runbook::domain {

namespace json = boost::json;

void Faults::add(std::string pointer, std::string_view code, std::string message) {
  if (list_.size() < limits::kFaults) {
    list_.push_back({std::move(pointer), std::string(code), std::move(message)});
  }
}

Error Faults::error() {
  std::string message =
      list_.size() == 1 ? list_.front().message : fmt::format("The request has {} faults.", list_.size());
  return {ErrorCode::kInvalid, std::move(message), std::move(list_)};
}

bool judge_text(const json::value& value, const std::string& pointer, const TextRule& rule, Faults& faults) {
  const auto* text = value.if_string();
  if (text == nullptr) {
    faults.add(pointer, fault::kWrongType, "This must be a text.");
    return false;
  }
  if (text->size() > rule.max_bytes) {
    faults.add(pointer, fault::kTooLong, fmt::format("This may have at most {} bytes.", rule.max_bytes));
    return false;
  }
  if (text->find('\0') != json::string::npos) {
    faults.add(pointer, fault::kBadValue, "This must not contain NUL.");
    return false;
  }
  if (rule.not_empty && text->find_first_not_of(" \t\r\n") == json::string::npos) {
    faults.add(pointer, fault::kBadValue, "This must not be empty.");
    return false;
  }
  return true;
}

ObjectReader::ObjectReader(const json::value& value, std::string pointer, Faults& faults)
    : object_(value.if_object()), pointer_(std::move(pointer)), faults_(&faults) {
  if (object_ == nullptr) faults.add(pointer_, fault::kWrongType, "This must be an object.");
}

std::string ObjectReader::pointer(std::string_view name) const {
  return pointer_ + '/' + pointer_token(name);
}

void ObjectReader::fault(std::string_view name, std::string_view code, std::string message) {
  faults_->add(pointer(name), code, std::move(message));
}

const json::value* ObjectReader::member(std::string_view name, Need need) {
  known_.push_back(name);
  if (object_ == nullptr) return nullptr;
  const auto* value = object_->if_contains(name);
  if (value == nullptr && need == Need::kRequired) {
    fault(name, fault::kRequired, fmt::format("{} is required.", name));
  }
  return value;
}

const json::value* ObjectReader::nullable(std::string_view name) {
  const auto* value = member(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> ObjectReader::text(std::string_view name, TextRule rule) {
  const auto* value = member(name, rule.need);
  if (value == nullptr || !judge_text(*value, pointer(name), rule, *faults_)) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::string> ObjectReader::one_of(std::string_view name,
                                                const std::vector<std::string_view>& words, Need need) {
  auto word = text(name, {.need = need, .max_bytes = limits::kNameBytes, .not_empty = false});
  if (!word) return std::nullopt;
  if (std::ranges::find(words, *word) == words.end()) {
    fault(name, fault::kBadValue, fmt::format("{} must be one of: {}.", name, fmt::join(words, ", ")));
    return std::nullopt;
  }
  return word;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, std::int64_t least,
                                                  std::int64_t most, Need need) {
  const auto* value = member(name, need);
  if (value == nullptr) return std::nullopt;
  if (!value->is_int64() && !value->is_uint64()) {
    fault(name, fault::kWrongType, fmt::format("{} must be a whole number.", name));
    return std::nullopt;
  }
  // Boost.JSON makes uint64 only of numbers beyond int64.
  if (value->is_uint64() || value->get_int64() < least || value->get_int64() > most) {
    fault(name, fault::kBadValue, fmt::format("{} must be from {} to {}.", name, least, most));
    return std::nullopt;
  }
  return value->get_int64();
}

std::optional<bool> ObjectReader::boolean(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    fault(name, fault::kWrongType, fmt::format("{} must be true or false.", name));
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<Uuid> ObjectReader::uuid(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fault(name, fault::kWrongType, fmt::format("{} must be a UUID.", name));
    return std::nullopt;
  }
  auto id = Uuid::parse(value->get_string());
  if (!id) fault(name, fault::kBadValue, fmt::format("{} must be a UUID.", name));
  return id;
}

std::optional<Time> ObjectReader::time(std::string_view name) {
  const auto* value = nullable(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fault(name, fault::kWrongType, fmt::format("{} must be an RFC 3339 time.", name));
    return std::nullopt;
  }
  auto at = parse_rfc3339(value->get_string());
  if (!at)
    fault(name, fault::kBadValue,
          fmt::format("{} must be an RFC 3339 time such as 2026-11-21T18:00:00Z.", name));
  return at;
}

const json::array* ObjectReader::array(std::string_view name, std::size_t most, Need need) {
  const auto* value = member(name, need);
  if (value == nullptr) return nullptr;
  const auto* items = value->if_array();
  if (items == nullptr) {
    fault(name, fault::kWrongType, fmt::format("{} must be a list.", name));
    return nullptr;
  }
  if (items->size() > most) {
    fault(name, fault::kTooMany, fmt::format("{} may have at most {} items.", name, most));
    return nullptr;
  }
  return items;
}

std::optional<std::vector<std::string>> ObjectReader::texts(std::string_view name, std::size_t most,
                                                            std::size_t max_bytes) {
  const auto* items = array(name, most);
  if (items == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const TextRule rule{.max_bytes = max_bytes, .not_empty = false};
    if (judge_text((*items)[i], fmt::format("{}/{}", pointer(name), i), rule, *faults_)) {
      texts.emplace_back((*items)[i].get_string());
    }
  }
  return texts;
}

void ObjectReader::refuse_unknown() {
  if (object_ == nullptr) return;
  for (const auto& entry : *object_) {
    const std::string_view name = entry.key();
    if (std::ranges::find(known_, name) == known_.end()) {
      fault(name, fault::kUnknownField, fmt::format("There is no field named {}.", std::string(name)));
    }
  }
}

}  // namespace runbook::domain
