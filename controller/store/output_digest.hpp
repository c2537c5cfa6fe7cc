// OutputDigest: a running SHA-256 (FIPS 180-4) of one stream, copyable in mid-stream. A plain value.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace runbook::store {

class OutputDigest {
 public:
  OutputDigest();  // of no bytes
  OutputDigest(const OutputDigest& other);
  OutputDigest& operator=(const OutputDigest& other);
  OutputDigest(OutputDigest&&) noexcept;
  OutputDigest& operator=(OutputDigest&&) noexcept;
  ~OutputDigest();

  void add(std::string_view data);
  std::string hex() const;  // of what was added so far

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;  // null until the first byte: most streams stay empty
};

}  // namespace runbook::store
