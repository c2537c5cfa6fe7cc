// Statement parameters and field readers that are the same on libpqxx 6.4 and 7.10. Values travel as text,
// bytes as binary. Timestamps are read and written here only: RFC 3339 in UTC, to the microsecond.
#pragma once

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {

// Marks a parameter as bytea. Copied when it is added.
struct Bytes {
  std::string_view data;
};

// The parameters $1, $2, … of one statement, at most 65,535.
class Parameters {
 public:
  Parameters() = default;
  template <class... Values>
  static Parameters of(const Values&... values) {
    Parameters parameters;
    (parameters.add(values), ...);
    return parameters;
  }

  Parameters& add(std::nullptr_t);
  Parameters& add(std::nullopt_t) { return add(nullptr); }
  Parameters& add(std::string_view text);
  Parameters& add(const std::string& text) { return add(std::string_view{text}); }
  Parameters& add(const char* text) { return add(std::string_view{text}); }
  Parameters& add(Bytes bytes);
  Parameters& add(const Uuid& id) { return add(std::string_view{id.str()}); }
  Parameters& add(Time time) { return add(std::string_view{rfc3339(time)}); }
  Parameters& add(bool value) { return add(std::string_view{value ? "t" : "f"}); }
  Parameters& add(double value);
  Parameters& add(std::integral auto value) { return add(std::string_view{std::to_string(value)}); }
  Parameters& add(const boost::json::value& json) {
    return add(std::string_view{boost::json::serialize(json)});
  }
  Parameters& add(const boost::json::object& json) {
    return add(std::string_view{boost::json::serialize(json)});
  }
  Parameters& add(const boost::json::array& json) {
    return add(std::string_view{boost::json::serialize(json)});
  }
  // One array parameter: cast it in the statement ($1::uuid[], $1::text[], $1::bigint[]).
  Parameters& add(const std::vector<Uuid>& ids);
  Parameters& add(const std::vector<std::string>& texts);
  Parameters& add(const std::vector<std::int64_t>& numbers);
  template <class T>
  Parameters& add(const std::optional<T>& value) {
    if (value) return add(*value);
    return add(nullptr);
  }

  std::size_t size() const { return size_; }

 private:
  friend pqxx::result exec(pqxx::transaction_base& work, const std::string& sql, Parameters parameters);
  std::size_t size_ = 0;
#if PQXX_VERSION_MAJOR >= 7
  pqxx::params values_;
#else
  pqxx::internal::params values_;
#endif
};

pqxx::result exec(pqxx::transaction_base& work, const std::string& sql, Parameters parameters);

// exec(work, kInsert, id, title, now): one statement with the given parameters.
template <class... Values>
  requires(!std::same_as<std::remove_cvref_t<Values>, Parameters> && ...)
pqxx::result exec(pqxx::transaction_base& work, const std::string& sql, const Values&... values) {
  return exec(work, sql, Parameters::of(values...));
}

// Readers. Those without "optional" throw std::runtime_error on NULL and on text they cannot read.
std::string text(const pqxx::field& field);
std::optional<std::string> optional_text(const pqxx::field& field);
Uuid uuid(const pqxx::field& field);
std::optional<Uuid> optional_uuid(const pqxx::field& field);
Time time(const pqxx::field& field);
std::optional<Time> optional_time(const pqxx::field& field);
std::int64_t integer(const pqxx::field& field);
std::optional<std::int64_t> optional_integer(const pqxx::field& field);
bool boolean(const pqxx::field& field);
std::string bytes(const pqxx::field& field);
boost::json::value json(const pqxx::field& field);  // null on NULL

}  // namespace runbook::db
