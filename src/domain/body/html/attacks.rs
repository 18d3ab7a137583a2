//! Attacks on pages that show what others wrote. Whatever goes in, what comes out is judged by reading it again.

use super::parse;
use crate::domain::body::inline::{COMMON_ATTRIBUTES, TAGS};
use crate::domain::body::render::{self, FigureView};
use crate::domain::body::{Body, Content, Figure, markdown};
use scraper::{ElementRef, Html};

const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script/x>alert(1)</script/>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><rect/></a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\"></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><mi//xlink:href=\"javascript:alert(1)\">click</mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
    "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<style><img title=\"</style><img src=x onerror=alert(1)>\">",
    "<title><a title=\"</title><img src onerror=alert(1)>\">x</a></title>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<xmp><p title=\"</xmp><svg/onload=alert(1)>\"></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<select><template><script>alert(1)</script></template><keygen></select><select><iframe></select><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=`javascript:alert(1)`>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=x:alert(alt) onerror=eval(src) alt=alert(1)>",
    "<img src=\"data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+\">",
    "<img src='x\" onerror=\"alert(1)' alt='\"><script>alert(1)</script>'>",
    "<image href=javascript:alert(1)>",
    "<picture><source srcset=x onerror=alert(1)><img srcset=\"x onerror=alert(1)\" src=x></picture>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\" \u{1} javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java&#10;script:alert(1)\">x</a>",
    "<a href=\"&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"java\u{0}script:alert(1)\">x</a>",
    "<a href=\"\u{feff}javascript:alert(1)\">x</a>",
    "<a href=\"view-source:javascript:alert(1)\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"blob:https://a.example/1\">x</a><a href=\"file:///etc/passwd\">y</a>",
    "<a href=\"https://a.example/\" onclick=alert(1) style=\"background:url(javascript:alert(1))\">x</a>",
    "<a href='https://a.example/\"onmouseover=\"alert(1)'>x</a>",
    "<a title='\"><script>alert(1)</script>' href=/>x</a>",
    "<a href=/ rel='noopener\" onclick=\"alert(1)'>x</a>",
    "<p style=\"width:expression(alert(1))\">x</p>",
    "<p lang='en\" onclick=\"alert(1)' dir='ltr\" onclick=\"alert(1)'>x</p>",
    "<div style=\"behavior:url(#default#time2)\" onbegin=alert(1)>x</div>",
    "<body onload=alert(1)>x",
    "<html manifest=evil><head><meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"></head>x",
    "<meta http-equiv=\"refresh\" content=\"0;url=data:text/html,<script>alert(1)</script>\">",
    "<base href=\"javascript:alert(1)//\"><a href=#>x</a>",
    "<link rel=stylesheet href=javascript:alert(1)><link rel=import href=//evil.example>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=\"https://a.example/\" onload=alert(1) srcdoc=\"<img src onerror=alert(1)>\"></iframe>",
    "<iframe src='https://a.example/\"><script>alert(1)</script>'></iframe>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<object data=\"javascript:alert(1)\"><param name=code value=javascript:alert(1)></object>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"><embed src=javascript:alert(1)></object>",
    "<embed src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<video src=javascript:alert(1) onerror=alert(1)><source onerror=alert(1) src=data:,x></video>",
    "<audio src=x onloadstart=alert(1)></audio>",
    "<form action=javascript:alert(1)><input type=submit value='\"><script>alert(1)</script>'></form>",
    "<button formaction=javascript:alert(1)>x</button><input type=image src=javascript:alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee><blink onclick=alert(1)>y</blink>",
    "<table background=javascript:alert(1)><td background=javascript:alert(1)>a<td>b</table>",
    "<table><td colspan='2\" onclick=\"alert(1)'>a<td>b</table>",
    "<ol start='1\" onclick=\"alert(1)'><li>x</ol>",
    "<pre><code class='language-\"><script>alert(1)</script>'>x</code></pre>",
    "<pre><code class=\"language-x\">&lt;/code>&lt;script>alert(1)&lt;/script></code></pre>",
    "<figure><img src=x><figcaption><script>alert(1)</script><b onclick=alert(1)>x</b><span class=credit>&lt;script>alert(1)&lt;/script></span></figcaption></figure>",
    "<blockquote cite=javascript:alert(1)>x<footer onclick=alert(1)><cite><svg onload=alert(1)></cite>y</footer></blockquote>",
    "<q cite=javascript:alert(1)>x</q><del cite=javascript:alert(1) datetime='\"onclick=alert(1)'>y</del>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script&amp;gt;",
    "<b\u{0}onclick=alert(1)>x</b\u{0}><\u{0}script>alert(1)</script>",
    "<p>x\u{338}<b>\u{338}y</b><\u{338}script>alert(1)</script></p>",
    "<\u{ff53}cript>alert(1)</script><a href=\"\u{ff4a}avascript:alert(1)\">x</a>",
    "<!--><script>alert(1)</script>--><!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]><?xml version=1?><script>alert(1)</script>",
    "<svg><![CDATA[</svg><script>alert(1)</script>]]>",
    "<a><b><table><a href=javascript:alert(1)><tr><td><a href=/>x</table></b></a>",
    "<ruby><rt><ruby><rt><script>alert(1)</script><rp onclick=alert(1)>x</ruby>",
    "<x-frame onclick=alert(1) is=x>y</x-frame><slot name=z onslotchange=alert(1)>w</slot>",
];

/// Block elements that rendering writes, with the attributes that they may have.
const BLOCKS: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("blockquote", &["id"]),
    ("caption", &[]),
    ("code", &["class"]),
    ("figcaption", &[]),
    ("figure", &["id", "class"]),
    ("footer", &[]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("hr", &["id"]),
    ("html", &[]),
    ("img", &["src", "alt", "loading"]),
    ("li", &[]),
    ("ol", &["id", "start"]),
    ("p", &["id"]),
    ("pre", &["id"]),
    ("span", &["class"]),
    ("table", &["id"]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &["id"]),
];

fn rendered(contents: Vec<Content>) -> String {
    let view = |figure: &Figure| FigureView {
        src: figure.source.clone().unwrap_or_default(),
        alt: figure.alt.clone().unwrap_or_default(),
        credit: figure.credit.clone(),
        caption: figure.caption.clone(),
        ..FigureView::default()
    };
    render::html(&Body::from_contents(contents, None), &view)
}

#[track_caller]
pub(in crate::domain::body) fn assert_safe(contents: Vec<Content>, input: &str) {
    let html = rendered(contents);
    for element in Html::parse_fragment(&html).root_element().descendants().filter_map(ElementRef::wrap) {
        let name = element.value().name();
        let lists = || [TAGS, BLOCKS].into_iter().flatten().filter(|(tag, _)| *tag == name);
        assert!(lists().next().is_some(), "<{name}> in {html} from {input}");
        for (attribute, value) in element.value().attrs() {
            let is_known = COMMON_ATTRIBUTES.contains(&attribute)
                || lists().any(|(_, attributes)| attributes.contains(&attribute));
            assert!(is_known, "{attribute} of <{name}> in {html} from {input}");
            if matches!(attribute, "href" | "src") {
                let scheme = url::Url::options().base_url(Some(&"https://base.example/".parse().unwrap())).parse(value);
                let scheme = scheme.unwrap().scheme().to_owned();
                assert!(matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel"), "{value} from {input}");
            }
        }
    }
}

#[test]
fn no_attack_reaches_a_reader() {
    assert!(ATTACKS.len() > 90);
    for attack in ATTACKS {
        assert_safe(parse(attack).contents, attack);
        assert_safe(markdown::parse(attack).contents, attack);
    }
}

#[test]
fn no_attack_hides_inside_another_element() {
    for attack in ATTACKS {
        for frame in ["<p>{}</p>", "<ul><li>{}</ul>", "<table><td>{}<td>x</table>", "<figure><img src=i><figcaption>{}"]
        {
            assert_safe(parse(&frame.replace("{}", attack)).contents, attack);
        }
    }
}

#[test]
fn no_attack_survives_in_contents_from_outside() {
    for attack in ATTACKS {
        let text = || (*attack).to_owned();
        let contents = [
            Content::Paragraph { html: text() },
            Content::Quote { html: format!("<p>{attack}</p><p>x</p>"), cite: Some(text()) },
            Content::Embed { url: text(), provider: Some(text()), caption: Some(text()) },
            Content::Embed { url: "javascript:alert(1)".into(), provider: None, caption: None },
            Content::Code { language: Some(text()), code: text() },
            Content::Figure(Figure {
                source: Some(text()),
                alt: Some(text()),
                caption: Some(text()),
                credit: Some(text()),
                link: Some("javascript:alert(1)".into()),
                ..Figure::default()
            }),
        ];
        assert_safe(contents.into_iter().filter_map(Content::sanitised).collect(), attack);
    }
}

#[test]
fn attacks_do_not_drag_text_down_with_them() {
    for attack in
        ["<a href='javascript:x'>shown</a>", "<p onclick=x>shown</p>", "<script>x</script>shown", "<svg/>shown"]
    {
        assert!(rendered(parse(attack).contents).contains("shown"), "{attack}");
    }
}
