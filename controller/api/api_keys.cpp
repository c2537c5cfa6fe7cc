#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/auth/rights.hpp"
#include "controller/auth/secret.hpp"
#include "controller/domain/selector.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

// A selector that selects everything would be no limit: then none is to be given.
void read_limit(domain::ObjectReader& reader, std::string_view name, json::object& grant) {
  if (reader.member(name) == nullptr) return;  // null is not absent: it was meant to be a limit
  auto text = reader.text(name, {.max_bytes = limits::kSelectorBytes});
  if (!text) return;
  if (const auto selector = domain::Selector::parse(*text); !selector) {
    reader.fault(name, domain::fault::kBadValue, selector.error().message);
  } else if (selector->to_json().empty()) {
    reader.fault(name, domain::fault::kBadValue, fmt::format("Leave {} out for a role without limit.", name));
  } else {
    grant[name] = std::move(*text);
  }
}

json::value read_grant(const json::value& item, const std::string& pointer, domain::Faults& faults) {
  constexpr auto kOneOf = "A role is one of: viewer, operator, approver, author, admin.";
  if (const auto* word = item.if_string()) {
    if (!auth::role(*word)) faults.add(pointer, domain::fault::kBadValue, kOneOf);
    return item;
  }
  if (!item.is_object()) {
    faults.add(pointer, domain::fault::kWrongType, "A role must be a text, or an object with its limits.");
    return item;
  }
  domain::ObjectReader reader(item, pointer, faults);
  json::object grant;
  grant["role"] = reader.text("role", {.need = domain::Need::kRequired}).value_or("");
  if (const auto& word = grant["role"].as_string(); !word.empty() && !auth::role(word)) {
    reader.fault("role", domain::fault::kBadValue, kOneOf);
  }
  read_limit(reader, "runbooks", grant);
  read_limit(reader, "hosts", grant);
  reader.refuse_unknown();
  return grant;
}

json::array read_roles(domain::ObjectReader& reader) {
  json::array roles;
  const auto* items = reader.array("roles", limits::kKeyRoles, domain::Need::kRequired);
  if (items == nullptr) return roles;
  if (items->empty()) reader.fault("roles", domain::fault::kBadValue, "A key needs at least one role.");
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto pointer = fmt::format("{}/{}", reader.pointer("roles"), i);
    auto role = read_grant((*items)[i], pointer, reader.faults());
    if (std::ranges::find(roles, role) != roles.end()) {
      reader.faults().add(pointer, domain::fault::kDuplicate, "This role is listed twice.");
    }
    roles.push_back(std::move(role));
  }
  return roles;
}

Result<store::NewApiKey> read_key(const Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  store::NewApiKey key;
  key.created_by = call.principal.person;
  key.name = reader.text("name", {.need = domain::Need::kRequired}).value_or("");
  if (reader.nullable("owner") != nullptr) key.owner = reader.text("owner").value_or("");
  key.roles = read_roles(reader);
  key.expires_at = reader.time("expires_at");
  if (key.expires_at && *key.expires_at <= std::chrono::system_clock::now()) {
    reader.fault("expires_at", domain::fault::kBadValue, "expires_at must be in the future.");
  }
  reader.refuse_unknown();
  if (!faults.empty()) return std::unexpected(faults.error());
  return key;
}

}  // namespace

HandlerAnswer list_api_keys(Call& call) {
  QueryReader query(call.request);
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.api_keys.list(std::move(request));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer create_api_key(Call& call) {
  auto key = read_key(call);
  if (!key) co_return std::unexpected(key.error());
  auto secret = auth::new_api_key();
  key->prefix = std::move(secret.prefix);
  key->digest = std::move(secret.digest);
  auto answer = co_await call.context.api_keys.create(std::move(*key), origin_of(call));
  call.context.authenticator.prove(secret.text);
  answer["key"] = secret.text;
  const auto location = fmt::format("/api-keys/{}", std::string_view(answer.at("id").as_string()));
  co_return created(answer, location);
}

HandlerAnswer revoke_api_key(Call& call) {
  const auto revoked = co_await call.context.api_keys.revoke(call.ids.front(), origin_of(call));
  if (!revoked) co_return std::unexpected(revoked.error());
  call.context.authenticator.forget();
  co_return no_content();
}

}  // namespace runbook::api
