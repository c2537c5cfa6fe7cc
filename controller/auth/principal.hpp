// Principal: who makes a request, by which key, with which roles. A plain value.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "protocol/messages/uuid.hpp"

namespace runbook::auth {

enum class Role { kViewer, kOperator, kApprover, kAuthor, kAdmin };

struct Principal {
  Uuid person;
  std::string person_name;
  Uuid api_key;
  std::string key_name;
  std::set<Role> roles;
  bool by_session = false;  // came by cookie: writes need the CSRF token

  bool has(Role role) const { return roles.contains(role); }
};

}  // namespace runbook::auth
