"""The markup and the style sheet of an exported page. Its words are put in by `bot.domain.export_html`, escaped."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1rem; max-width: 42rem; background: #fff; color: #1a1a1a;
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { line-height: 1.2; border-bottom: .4rem solid #ffd500; padding-bottom: .5rem; }
h2 { margin-top: 2.5rem; }
figure { margin: 1rem 0; break-inside: avoid; }
img { display: block; width: 100%; max-width: 30rem; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; max-width: 30rem; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; font-weight: 400; padding: .3rem .5rem .3rem 0; border-bottom: 1px solid #767676; }
thead th { font-weight: 600; }
td, thead th + th { text-align: right; white-space: nowrap; }
article { margin: 1rem 0; break-inside: avoid; }
article p { margin: 0; color: #4a4a4a; font-size: .9rem; }
blockquote { margin: .2rem 0 0; padding-left: .8rem; border-left: .25rem solid #767676; white-space: pre-wrap; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; }
  figure { max-width: 12cm; } article { orphans: 3; widows: 3; } }
"""

START = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{made}</p>
<p>{note}</p>
<h2>{heading}</h2>
<p>{counted}</p>
{figures}<h2>{said}</h2>
<p>{holds}</p>
"""

PIECE = """\
<article><p>{about}</p><blockquote dir="auto">{text}</blockquote></article>
"""

FIGURE = """\
<h3>{title}</h3>
<figure>
<img alt="{description}" src="data:image/png;base64,{png}">
</figure>
<table>
<caption>{caption}</caption>
<thead><tr><th scope="col">{what}</th><th scope="col">{pieces}</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
<p>{note}</p>
"""

ROW = """\
<tr><th scope="row">{label}</th><td>{value}</td></tr>
"""
