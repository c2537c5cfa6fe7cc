#include "db/prepared_statements.hpp"

namespace runbook::db {
namespace {

thread_local PreparedStatements* present = nullptr;

}  // namespace

const std::string* PreparedStatements::name_of(const std::string& sql) {
  const auto known = names_.find(sql);
  if (known == names_.end()) {
    if (names_.size() < kLimit) names_.emplace(sql, std::string());
    return nullptr;
  }
  if (known->second.empty()) {
    auto name = "s" + std::to_string(prepared_ + 1);
    connection_->prepare(name, sql);
    ++prepared_;
    known->second = std::move(name);
  }
  return &known->second;
}

PreparedStatements::Scope::Scope(PreparedStatements& statements) : before_(present) { present = &statements; }

PreparedStatements::Scope::~Scope() { present = before_; }

PreparedStatements* PreparedStatements::of(const pqxx::transaction_base& work) {
  if (present == nullptr || present->connection_ != &work.conn()) return nullptr;
  return present;
}

}  // namespace runbook::db
