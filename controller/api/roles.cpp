#include <string>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/auth/rights.hpp"

namespace runbook::api {

namespace json = boost::json;

HandlerAnswer list_roles(Call& call) {
  const auto people = co_await call.context.api_keys.people_by_role();
  json::array items;
  for (const auto& [role, word] : auth::kRoles) {
    json::object item;
    item["role"] = word;
    item["description"] = auth::description(role);
    item["rights"] = json::value_from(auth::right_words(role));
    const auto known = people.find(std::string(word));
    item["people"] = known == people.end() ? json::array() : json::value_from(known->second).as_array();
    items.push_back(std::move(item));
  }
  co_return ok(json::object{{"items", std::move(items)}});
}

}  // namespace runbook::api
