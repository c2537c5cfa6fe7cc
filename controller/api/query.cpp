#include "controller/api/query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "protocol/messages/json.hpp"

namespace runbook::api {

namespace fault_code = domain::fault;

void QueryReader::fault(std::string_view name, std::string_view code, std::string message) {
  faults_.add('/' + pointer_token(name), code, std::move(message));
}

std::optional<std::string> QueryReader::text(std::string_view name) {
  known_.push_back(name);
  const auto named = [&](const auto& entry) { return entry.first == name; };
  if (std::ranges::count_if(request_.query, named) > 1) {
    fault(name, fault_code::kDuplicate, fmt::format("{} may be given once.", name));
    return std::nullopt;
  }
  const auto value = request_.query_value(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

std::optional<std::string> QueryReader::search(std::string_view name) {
  auto value = text(name);
  if (value && value->empty()) fault(name, fault_code::kBadValue, fmt::format("{} may not be empty.", name));
  if (value && value->size() > limits::kPatternBytes) {
    fault(name, fault_code::kTooLong,
          fmt::format("{} may have at most {} bytes.", name, limits::kPatternBytes));
  }
  return value;
}

std::optional<std::string> QueryReader::one_of(std::string_view name,
                                               std::span<const std::string_view> words) {
  auto value = text(name);
  if (value && std::ranges::find(words, *value) == words.end()) {
    fault(name, fault_code::kBadValue, fmt::format("{} must be one of: {}.", name, fmt::join(words, ", ")));
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> QueryReader::one_of(std::string_view name,
                                               std::initializer_list<std::string_view> words) {
  return one_of(name, std::span(words.begin(), words.end()));
}

std::optional<std::uint64_t> QueryReader::number(std::string_view name, std::uint64_t least,
                                                 std::uint64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::uint64_t number = 0;
  const auto* last = value->data() + value->size();
  const auto [end, error] = std::from_chars(value->data(), last, number);
  if (value->empty() || error != std::errc{} || end != last || number < least || number > most) {
    fault(name, fault_code::kBadValue,
          fmt::format("{} must be a whole number from {} to {}.", name, least, most));
    return std::nullopt;
  }
  return number;
}

bool QueryReader::flag(std::string_view name) { return one_of(name, {"true", "false"}) == "true"; }

std::optional<Uuid> QueryReader::uuid(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  auto id = Uuid::parse(*value);
  if (!id) fault(name, fault_code::kBadValue, fmt::format("{} must be a UUID.", name));
  return id;
}

std::optional<Time> QueryReader::time(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  auto at = parse_rfc3339(*value);
  if (!at) fault(name, fault_code::kBadValue, fmt::format("{} must be an RFC 3339 time.", name));
  return at;
}

std::optional<domain::Selector> QueryReader::selector(std::string_view name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  auto selector = domain::Selector::parse(*value);
  if (!selector) {
    fault(name, fault_code::kBadValue, selector.error().message);
    return std::nullopt;
  }
  return std::move(*selector);
}

std::size_t QueryReader::limit() {
  return static_cast<std::size_t>(
      number("limit", 1, limits::kPageItemsMax).value_or(limits::kPageItemsDefault));
}

store::PageRequest QueryReader::page() {
  const auto items = limit();
  return {items, text("cursor")};
}

Result<void> QueryReader::judged() {
  for (const auto& [name, value] : request_.query) {
    if (std::ranges::find(known_, name) == known_.end()) {
      fault(name, fault_code::kUnknownField, fmt::format("There is no parameter named {}.", name));
    }
  }
  if (!faults_.empty()) return std::unexpected(faults_.error());
  return {};
}

}  // namespace runbook::api
