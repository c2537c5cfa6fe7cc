#include "controller/domain/execution/state_json.hpp"

namespace runbook::domain {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(rfc3339(*time)) : json::value(nullptr);
}

const json::value* member(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  return object ? object->if_contains(name) : nullptr;
}

std::string text(const json::value& value, std::string_view name) {
  const auto* found = member(value, name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<Time> time(const json::value& value, std::string_view name) {
  return parse_rfc3339(text(value, name));
}

std::optional<int> number(const json::value& value, std::string_view name) {
  const auto* found = member(value, name);
  if (!found || !found->is_number()) return std::nullopt;
  boost::system::error_code wrong;
  const int result = found->to_number<int>(wrong);
  return wrong ? std::nullopt : std::optional(result);
}

const json::array& list(const json::value* value) {
  static const json::array kNone;
  return value && value->is_array() ? value->get_array() : kNone;
}

}  // namespace

json::object to_json(const ApprovalState& approval) {
  json::array given;
  for (const auto& one : approval.given) {
    given.push_back(json::object{
        {"by", one.person.str()}, {"by_name", one.name}, {"at", rfc3339(one.at)}, {"note", one.note}});
  }
  return {{"digest", approval.digest},
          {"required", approval.required},
          {"other_person", approval.other_person},
          {"expires_at", rfc3339(approval.expires_at)},
          {"given", std::move(given)}};
}

json::array to_json(const std::vector<ApiTry>& tries) {
  json::array list;
  for (const auto& one : tries) {
    list.push_back(json::object{{"at", rfc3339(one.at)},
                                {"end", time_or_null(one.end)},
                                {"http_status", nullptr},
                                {"error", one.error},
                                {"next_try_at", time_or_null(one.next_try_at)}});
    if (one.http_status) list.back().get_object()["http_status"] = *one.http_status;
  }
  return list;
}

ApprovalState approval_from_json(const json::value& value) {
  ApprovalState approval;
  approval.digest = text(value, "digest");
  approval.required = number(value, "required").value_or(approval.required);
  const auto* other = member(value, "other_person");
  approval.other_person = other && other->is_bool() && other->get_bool();
  approval.expires_at = time(value, "expires_at").value_or(Time{});
  for (const auto& one : list(member(value, "given"))) {
    approval.given.push_back({Uuid::parse(text(one, "by")).value_or(Uuid{}), text(one, "by_name"),
                              time(one, "at").value_or(Time{}), text(one, "note")});
  }
  return approval;
}

std::vector<ApiTry> tries_from_json(const json::value& value) {
  std::vector<ApiTry> tries;
  for (const auto& one : list(&value)) {
    tries.push_back({.at = time(one, "at").value_or(Time{}),
                     .end = time(one, "end"),
                     .http_status = number(one, "http_status"),
                     .error = text(one, "error"),
                     .next_try_at = time(one, "next_try_at")});
  }
  return tries;
}

}  // namespace runbook::domain
