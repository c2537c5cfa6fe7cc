// ObjectReader: typed reading of one JSON object of a request. Every wrong or missing member becomes a fault
// with its JSON pointer; reading goes on, so that one answer names them all. Pure; lives as long as the value
// it reads.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/limits.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::domain {

namespace fault {
inline constexpr std::string_view kRequired = "required";
inline constexpr std::string_view kUnknownField = "unknown_field";
inline constexpr std::string_view kWrongType = "wrong_type";
inline constexpr std::string_view kTooLong = "too_long";
inline constexpr std::string_view kTooMany = "too_many";
inline constexpr std::string_view kBadValue = "bad_value";
inline constexpr std::string_view kDuplicate = "duplicate";
inline constexpr std::string_view kNotBuilt = "not_built";
inline constexpr std::string_view kBadExpression = "bad_expression";    // CEL that does not parse
inline constexpr std::string_view kBadPlaceholder = "bad_placeholder";  // ${{ }} where it cannot stand
inline constexpr std::string_view kUnknownStep = "unknown_step";        // no block has this slug
inline constexpr std::string_view kNotLater = "not_later";              // goto leads back
inline constexpr std::string_view kNotEarlier = "not_earlier";          // a result that is not there yet
inline constexpr std::string_view kUnknownParameter = "unknown_parameter";
inline constexpr std::string_view kCommandPolicy = "command_policy";  // what the administrator refuses
}  // namespace fault

// The faults of one document, at most limits::kFaults of them.
class Faults {
 public:
  void add(std::string pointer, std::string_view code, std::string message);
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  // kInvalid with the faults; call only when there are some.
  Error error();

 private:
  std::vector<Fault> list_;
};

enum class Need { kOptional, kRequired };

// Empty texts are faults when `not_empty`.
struct TextRule {
  Need need = Need::kOptional;
  std::size_t max_bytes = limits::kNameBytes;
  bool not_empty = true;
};

class ObjectReader {
 public:
  // Anything but an object is one fault; the reads then answer nothing.
  ObjectReader(const boost::json::value& value, std::string pointer, Faults& faults);

  bool is_object() const { return object_ != nullptr; }
  std::string pointer(std::string_view name) const;
  Faults& faults() { return *faults_; }
  void fault(std::string_view name, std::string_view code, std::string message);

  // The member as it is, nullptr when absent. Reading a member by any function makes it a known one.
  const boost::json::value* member(std::string_view name, Need need = Need::kOptional);
  // Like member(), and null counts as absent.
  const boost::json::value* nullable(std::string_view name);

  std::optional<std::string> text(std::string_view name, TextRule rule = {});
  std::optional<std::string> one_of(std::string_view name, const std::vector<std::string_view>& words,
                                    Need need = Need::kOptional);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most,
                                      Need need = Need::kOptional);
  std::optional<bool> boolean(std::string_view name);
  std::optional<Uuid> uuid(std::string_view name);
  std::optional<Time> time(std::string_view name);  // null counts as absent
  const boost::json::array* array(std::string_view name, std::size_t most, Need need = Need::kOptional);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most,
                                                std::size_t max_bytes);

  // Names every member that nothing asked for. Call last.
  void refuse_unknown();

 private:
  const boost::json::object* object_ = nullptr;
  std::string pointer_;
  Faults* faults_;
  std::vector<std::string_view> known_;
};

// Checks one text found at `pointer`; false when it became a fault.
bool judge_text(const boost::json::value& value, const std::string& pointer, const TextRule& rule,
                Faults& faults);

}  // namespace runbook::domain
