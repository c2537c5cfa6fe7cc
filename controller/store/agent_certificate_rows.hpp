// Writing an agent's certificates inside a transaction. Used inside controller/store/ only (it shows pqxx).
#pragma once

#include <pqxx/pqxx>

#include "controller/store/agent_certificates.hpp"

namespace runbook::store {

void insert_certificate(pqxx::work& work, const Uuid& agent, const IssuedCertificate& issued);

}  // namespace runbook::store
