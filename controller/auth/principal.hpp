// Principal: who makes a request, by which key, with which grants. A plain value.
#pragma once

#include <string>
#include <vector>

#include "controller/domain/scope.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::auth {

enum class Role { kViewer, kOperator, kApprover, kAuthor, kAdmin };

// A role and what it is limited to.
struct Grant {
  Role role = Role::kViewer;
  domain::Scope scope = {};
};
using Grants = std::vector<Grant>;

struct Principal {
  Uuid person;
  std::string person_name;
  Uuid api_key;
  std::string key_name;
  Grants grants;
  bool by_session = false;  // came by cookie: writes need the CSRF token
};

}  // namespace runbook::auth
