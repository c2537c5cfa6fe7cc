#include "tests/bench/enrolment_tokens.hpp"

#include <boost/json.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace runbook::bench {
namespace {

constexpr long kCreated = 201;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeHeaders {
  void operator()(curl_slist* headers) const { curl_slist_free_all(headers); }
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

// The word after `flag` in a command line.
std::string value_after(const std::string& command, std::string_view flag) {
  std::istringstream words(command);
  for (std::string word; words >> word;) {
    if (word == flag && words >> word) return word;
  }
  return {};
}

}  // namespace

Invitation make_tokens(const std::string& api, const std::string& key, std::size_t count) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) throw std::runtime_error("libcurl cannot be started");
  std::unique_ptr<curl_slist, FreeHeaders> headers(curl_slist_append(nullptr, ("X-API-KEY: " + key).c_str()));
  curl_slist_append(headers.get(), "Content-Type: application/json");
  std::string answer;
  curl_easy_setopt(handle.get(), CURLOPT_URL, (api + "/enrollment-tokens").c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, "{}");
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
  Invitation invitation;
  for (std::size_t i = 0; i < count; ++i) {
    answer.clear();
    const CURLcode code = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
    if (status != kCreated) throw std::runtime_error(fmt::format("status {}: {}", status, answer));
    const auto object = boost::json::parse(answer).as_object();
    invitation.tokens.emplace_back(object.at("token").as_string());
    const std::string command(object.at("command").as_string());
    invitation.controller = value_after(command, "--controller");
    invitation.ca_sha256 = value_after(command, "--ca-sha256");
  }
  return invitation;
}

Invitation read_tokens(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file));
  Invitation invitation;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) invitation.tokens.push_back(line);
  }
  return invitation;
}

}  // namespace runbook::bench
