// MemberReader: reads the members of one JSON object by type and keeps the first complaint. Members nobody
// asks for are ignored. Belongs to the decoder of control messages.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook {

class MemberReader {
 public:
  // `where` names the object in complaints: "hello", "welcome.resume". `object` must outlive the reader.
  MemberReader(std::string where, const boost::json::object& object)
      : where_(std::move(where)), object_(object) {}

  bool has(std::string_view name) const;  // neither absent nor null

  // Each answers a default value once a complaint is kept; a missing or wrong member is one.
  std::string text(std::string_view name);
  Uuid uuid(std::string_view name);
  bool flag(std::string_view name);
  std::uint64_t count(std::string_view name);  // 0 and more
  std::int64_t integer(std::string_view name);
  std::optional<int> optional_int(std::string_view name);  // absent or null: nothing
  Time time(std::string_view name);
  std::chrono::seconds seconds(std::string_view name);  // 0 to ten years
  std::string sha256(std::string_view name);            // 64 lower-case hex digits
  std::vector<std::string> texts(std::string_view name);
  std::vector<Uuid> uuids(std::string_view name);
  std::map<std::string, std::string> text_map(std::string_view name);
  const boost::json::array& objects(std::string_view name);  // every element is an object

  void complain(std::string_view name, std::string_view what);
  // Takes over the complaint of a reader of a nested object.
  void adopt(const MemberReader& nested);
  const std::optional<Error>& complaint() const { return complaint_; }

 private:
  const boost::json::value* find(std::string_view name);  // complains when missing
  const boost::json::array& array(std::string_view name);

  std::string where_;
  const boost::json::object& object_;
  std::optional<Error> complaint_;
};

}  // namespace runbook
