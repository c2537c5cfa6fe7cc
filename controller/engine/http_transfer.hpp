// HttpTransfer: one request and its answer on a libcurl handle, without redirects. Used on one thread;
// blocks.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controller/engine/http_request.hpp"

namespace runbook::engine {

class HttpTransfer {
 public:
  // All three must outlive the transfer.
  HttpTransfer(const domain::ApiRequest& request, const HttpOrigin& origin, const HttpLimits& limits);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;
  ~HttpTransfer();

  HttpAnswer run(const std::atomic<bool>& cancelled);
  // Where the answer leads, absolute; empty when nowhere.
  std::string redirect() const;

 private:
  struct FreeEasy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);

  void set_up();
  void set_up_request();
  void add_header(const std::string& line);
  void header_line(std::string_view line);
  CURLcode transfer(const std::atomic<bool>& cancelled);
  bool is_sent() const;
  void explain(CURLcode code);

  const domain::ApiRequest& request_;
  const HttpOrigin& origin_;
  const HttpLimits& limits_;
  HttpAnswer answer_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  std::string refusal_;  // the guard's
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace runbook::engine
