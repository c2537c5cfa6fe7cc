#include "db/connection_string.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>

namespace runbook::db {
namespace {

std::string quoted_value(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + "'";
}

std::map<std::string, std::string> parsed(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
      PQconninfoParse(url.c_str(), &message), &PQconninfoFree};
  if (!options) {
    const std::string reason = message == nullptr ? "out of memory" : one_line(message);
    PQfreemem(message);
    throw std::invalid_argument(fmt::format("The database URL cannot be read: {}.", reason));
  }
  std::map<std::string, std::string> values;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values.emplace(option->keyword, option->val);
  }
  return values;
}

}  // namespace

std::string connection_string(const DatabaseSettings& settings) {
  auto values = parsed(settings.url);
  values.try_emplace("connect_timeout", "5");
  values.try_emplace("keepalives_idle", "10");
  values.try_emplace("tcp_user_timeout", "15000");
  values.try_emplace("application_name", settings.application_name);
  values["client_encoding"] = "UTF8";
  // Notices would land on standard error; field readers rely on ISO dates in UTC and on hex bytes.
  values["options"] += fmt::format(
      " -c statement_timeout={} -c idle_in_transaction_session_timeout=60000 -c client_min_messages=error"
      " -c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex",
      settings.statement_timeout.count());
  std::string text;
  for (const auto& [keyword, value] : values) text += fmt::format("{}={} ", keyword, quoted_value(value));
  return text;
}

std::string one_line(std::string_view message) { return std::string{message.substr(0, message.find('\n'))}; }

}  // namespace runbook::db
