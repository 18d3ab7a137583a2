//! Small WordPress exports, put together by tests.

use std::fmt::Write;

/// A post in the making. What is not said is as WordPress writes it by default.
#[derive(Clone)]
pub struct Post {
    id: u32,
    title: String,
    content: String,
    status: String,
    kind: String,
    extra: String,
    minute: u32,
}

impl Post {
    pub fn new(id: u32, title: &str) -> Self {
        let content = format!("<!-- wp:paragraph -->\n<p>{title} 본문입니다.</p>\n<!-- /wp:paragraph -->");
        let (title, status, kind) = (title.to_owned(), "publish".to_owned(), "post".to_owned());
        Self { id, title, content, status, kind, extra: String::new(), minute: id % 60 }
    }

    pub fn content(mut self, html: &str) -> Self {
        self.content = html.to_owned();
        self
    }

    pub fn status(mut self, status: &str) -> Self {
        self.status = status.to_owned();
        self
    }

    pub fn kind(mut self, kind: &str) -> Self {
        self.kind = kind.to_owned();
        self
    }

    pub fn category(mut self, slug: &str, name: &str) -> Self {
        let _ = write!(self.extra, r#"<category domain="category" nicename="{slug}"><![CDATA[{name}]]></category>"#);
        self
    }

    pub fn tag(mut self, slug: &str, name: &str) -> Self {
        let _ = write!(self.extra, r#"<category domain="post_tag" nicename="{slug}"><![CDATA[{name}]]></category>"#);
        self
    }

    /// A term of another taxonomy, such as Polylang's `language`.
    pub fn term(mut self, taxonomy: &str, slug: &str) -> Self {
        let _ = write!(self.extra, r#"<category domain="{taxonomy}" nicename="{slug}"><![CDATA[{slug}]]></category>"#);
        self
    }

    pub fn meta(mut self, key: &str, value: &str) -> Self {
        let _ = write!(
            self.extra,
            "<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        );
        self
    }

    pub fn field(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.extra, "<{name}><![CDATA[{value}]]></{name}>");
        self
    }

    fn item(&self) -> String {
        let Self { id, title, content, status, kind, extra, minute } = self;
        format!(
            r"<item><title><![CDATA[{title}]]></title><link>https://old.example/{id}/</link>
<pubDate>Fri, 20 Sep 2024 00:{minute:02}:00 +0000</pubDate><dc:creator><![CDATA[desk]]></dc:creator>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{id}</wp:post_id><wp:post_date><![CDATA[2024-09-20 09:{minute:02}:00]]></wp:post_date>
<wp:post_date_gmt><![CDATA[2024-09-20 00:{minute:02}:00]]></wp:post_date_gmt><wp:post_name><![CDATA[post-{id}]]></wp:post_name>
<wp:status><![CDATA[{status}]]></wp:status><wp:post_parent>0</wp:post_parent><wp:post_type><![CDATA[{kind}]]></wp:post_type>
<wp:post_password><![CDATA[]]></wp:post_password>{extra}</item>
"
        )
    }
}

/// An export of these posts.
pub fn export(posts: &[Post]) -> String {
    let mut text = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><language>ko-KR</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[desk]]></wp:author_login>
<wp:author_display_name><![CDATA[편집국]]></wp:author_display_name></wp:author>
"#,
    );
    posts.iter().for_each(|post| text.push_str(&post.item()));
    text.push_str("</channel></rss>\n");
    text
}
