#include "controller/http/ui_assets.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace runbook::http {
namespace {

// Holds with the built user interface and with the page that stands in for it.
TEST(UiAssets, AlwaysHaveAPage) {
  const Asset& page = ui_page();
  EXPECT_EQ(page.path, "index.html");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_NE(page.identity.content.find("<!doctype html>"), std::string_view::npos);
  EXPECT_FALSE(page.immutable);
}

TEST(UiAssets, CarryTheTagOfEachEncoding) {
  const AssetBody& body = ui_page().identity;
  ASSERT_EQ(body.etag.size(), 34U);
  EXPECT_EQ(body.etag.front(), '"');
  EXPECT_EQ(body.etag.back(), '"');
  EXPECT_NE(body.etag, ui_page().brotli.etag);
}

TEST(UiAssets, AreFoundByExactPathOnly) {
  EXPECT_NE(find_ui_asset("index.html"), nullptr);
  EXPECT_EQ(find_ui_asset(""), nullptr);
  EXPECT_EQ(find_ui_asset("/index.html"), nullptr);
  EXPECT_EQ(find_ui_asset("index.html.br"), nullptr);
  EXPECT_EQ(find_ui_asset("../index.html"), nullptr);
  EXPECT_EQ(find_ui_asset("assets"), nullptr);
}

}  // namespace
}  // namespace runbook::http
