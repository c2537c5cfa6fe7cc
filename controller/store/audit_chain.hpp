// The audit trail's chain: the code of a row is HMAC-SHA-256, with a key the database does not have, over the
// code of the row before and all of the row. Who has only the database can neither change nor add a row.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/time.hpp"

namespace runbook::store {

inline constexpr std::size_t kAuditKeyBytes = 32;
inline constexpr std::size_t kAuditMacBytes = 32;

// A row as it is stored; ids as text.
struct AuditRow {
  std::int64_t id = 0;  // from 1, without gaps
  Time at{};
  std::optional<std::string> person_id = {};
  std::optional<std::string> person = {};
  std::optional<std::string> key_id = {};
  std::optional<std::string> key_name = {};
  std::string action;
  std::string object_type;
  std::optional<std::string> object_id = {};
  std::optional<std::string> object_name = {};
  std::string result;
  std::optional<std::string> reason = {};
  std::optional<std::string> address = {};
  std::optional<std::string> request_id = {};
  std::optional<std::string> changes = {};  // JSON, byte by byte as it is stored
};

// AuditTrail: the key, and with it the right to write. Made once by the composition root.
class AuditTrail {
 public:
  // Throws std::invalid_argument when the key has another length.
  explicit AuditTrail(std::string key);

  // `previous`: the code of the row before, empty for the first.
  std::string mac(std::string_view previous, const AuditRow& row) const;
  // Of a text for `purpose`; never one of a row.
  std::string sign(std::string_view purpose, std::string_view text) const;

 private:
  std::string key_;
};

}  // namespace runbook::store
