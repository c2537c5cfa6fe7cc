#include "protocol/messages/member_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace runbook {
namespace {

namespace json = boost::json;

constexpr std::size_t kSha256Digits = 64;
constexpr std::int64_t kMostSeconds = 10LL * 366 * 24 * 3600;

const json::array& no_elements() {
  static const json::array none;
  return none;
}

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string copy(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace

void MemberReader::complain(std::string_view name, std::string_view what) {
  if (complaint_) return;
  complaint_ = Error{ErrorCode::kMalformed, fmt::format("{}: member \"{}\" {}", where_, name, what), {}};
}

void MemberReader::adopt(const MemberReader& nested) {
  if (!complaint_) complaint_ = nested.complaint_;
}

bool MemberReader::has(std::string_view name) const {
  const json::value* value = object_.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && !value->is_null();
}

const json::value* MemberReader::find(std::string_view name) {
  const json::value* value = object_.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) complain(name, "is missing");
  return value;
}

std::string MemberReader::text(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return {};
  if (const json::string* text = value->if_string()) return copy(*text);
  complain(name, "must be a string");
  return {};
}

Uuid MemberReader::uuid(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return {};
  if (const json::string* text = value->if_string()) {
    if (const auto id = Uuid::parse({text->data(), text->size()})) return *id;
  }
  complain(name, "must be a UUID");
  return {};
}

bool MemberReader::flag(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return false;
  if (const bool* flag = value->if_bool()) return *flag;
  complain(name, "must be true or false");
  return false;
}

std::uint64_t MemberReader::count(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return 0;
  if (const std::uint64_t* number = value->if_uint64()) return *number;
  const std::int64_t* number = value->if_int64();
  if (number != nullptr && *number >= 0) return static_cast<std::uint64_t>(*number);
  complain(name, "must be a whole number, 0 or more");
  return 0;
}

std::int64_t MemberReader::integer(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return 0;
  if (const std::int64_t* number = value->if_int64()) return *number;
  complain(name, "must be a whole number");
  return 0;
}

std::optional<int> MemberReader::optional_int(std::string_view name) {
  const json::value* value = object_.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || value->is_null()) return std::nullopt;
  const std::int64_t* number = value->if_int64();
  if (number != nullptr && *number >= std::numeric_limits<int>::min() &&
      *number <= std::numeric_limits<int>::max()) {
    return static_cast<int>(*number);
  }
  complain(name, "must be a whole number");
  return std::nullopt;
}

Time MemberReader::time(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return {};
  if (const json::string* text = value->if_string()) {
    if (const auto time = parse_rfc3339({text->data(), text->size()})) return *time;
  }
  complain(name, "must be an RFC 3339 time");
  return {};
}

std::chrono::seconds MemberReader::seconds(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return {};
  const std::int64_t* number = value->if_int64();
  if (number != nullptr && *number >= 0 && *number <= kMostSeconds) return std::chrono::seconds(*number);
  complain(name, "must be a number of seconds, 0 to ten years");
  return {};
}

std::string MemberReader::sha256(std::string_view name) {
  std::string digest = text(name);
  if (digest.size() == kSha256Digits && std::ranges::all_of(digest, is_lower_hex)) return digest;
  complain(name, "must be 64 lower-case hex digits");
  return {};
}

const json::array& MemberReader::array(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return no_elements();
  if (const json::array* elements = value->if_array()) return *elements;
  complain(name, "must be an array");
  return no_elements();
}

std::vector<std::string> MemberReader::texts(std::string_view name) {
  std::vector<std::string> result;
  for (const json::value& element : array(name)) {
    const json::string* text = element.if_string();
    if (text == nullptr) {
      complain(name, "must be an array of strings");
      return {};
    }
    result.push_back(copy(*text));
  }
  return result;
}

std::vector<Uuid> MemberReader::uuids(std::string_view name) {
  std::vector<Uuid> result;
  for (const std::string& text : texts(name)) {
    const auto id = Uuid::parse(text);
    if (!id) {
      complain(name, "must be an array of UUIDs");
      return {};
    }
    result.push_back(*id);
  }
  return result;
}

std::map<std::string, std::string> MemberReader::text_map(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) return {};
  const json::object* object = value->if_object();
  if (object == nullptr) {
    complain(name, "must be an object of strings");
    return {};
  }
  std::map<std::string, std::string> result;
  for (const auto& [key, element] : *object) {
    const json::string* text = element.if_string();
    if (text == nullptr) {
      complain(name, "must be an object of strings");
      return {};
    }
    result.emplace(std::string(key.data(), key.size()), copy(*text));
  }
  return result;
}

const json::array& MemberReader::objects(std::string_view name) {
  const json::array& elements = array(name);
  const bool all =
      std::ranges::all_of(elements, [](const json::value& element) { return element.is_object(); });
  if (all) return elements;
  complain(name, "must be an array of objects");
  return no_elements();
}

}  // namespace runbook
