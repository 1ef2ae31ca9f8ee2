extension Page {
  /// Named Chinese fonts throughout: an unnamed font lets a browser pick a wrong one.
  static let style = """
    :root{--ink:#1c1c1c;--accent:#12436d;--rule:#1c1c1c;--soft:#5a5f66;--tint:#f2f4f7;
      --serif:'Source Han Serif SC','Noto Serif CJK SC','Noto Serif SC','Songti SC','SimSun','Times New Roman',serif;
      --sans:'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif}
    :root:lang(en){--serif:Georgia,'Noto Serif','Liberation Serif','Times New Roman','DejaVu Serif','Noto Serif CJK SC','SimSun',serif;
      --sans:Arial,'Noto Sans','Liberation Sans','DejaVu Sans','Noto Sans CJK SC','Microsoft YaHei',sans-serif}
    *{box-sizing:border-box}
    html{font-size:16px;scroll-behavior:smooth}
    body{margin:0;background:#e9ebee;color:var(--ink);font-family:var(--serif);line-height:1.8;
      display:grid;grid-template-columns:minmax(0,17rem) minmax(0,58rem);justify-content:center;gap:0 1.5rem}
    .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:#fff;padding:.5rem}
    nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:2.2rem 0 2rem 1rem;font-family:var(--sans);font-size:.84rem;line-height:1.5}
    nav h2{font-size:.95rem;margin:0 0 .6rem;color:var(--accent)}
    nav ol{list-style:none;margin:0;padding:0}nav li{margin:.38rem 0}
    nav a{color:#33383e;text-decoration:none}nav a:hover,nav a:focus{text-decoration:underline}
    main{background:#fff;padding:3.5rem clamp(1rem,5vw,4.2rem) 4rem;box-shadow:0 0 0 1px #d5d8dc}
    .cover{border-top:6px solid var(--accent);padding:2.2rem 0 1.6rem;border-bottom:1px solid #c9cdd2;margin-bottom:2.4rem}
    h1,h2,h3,caption,figcaption,th,.unit,.standing,dl{font-family:var(--sans)}
    h1{font-size:1.9rem;line-height:1.4;margin:0 0 1.2rem;color:var(--accent);font-weight:700;word-break:keep-all;overflow-wrap:anywhere}
    .standing{margin:.2rem 0;font-weight:700;color:#8a2d06}
    dl{display:flex;flex-wrap:wrap;gap:.3rem 2.2rem;margin:1.2rem 0 0;font-size:.86rem}
    dl div{display:flex;gap:.6rem}dt{color:var(--soft)}dd{margin:0}
    h2{font-size:1.4rem;margin:3rem 0 1.1rem;padding-bottom:.4rem;border-bottom:2px solid var(--accent);color:var(--accent);line-height:1.4}
    main>.chapter:first-of-type h2{margin-top:0}
    h3{font-size:1.08rem;margin:2rem 0 .7rem;line-height:1.45}
    p{margin:.7rem 0;text-align:justify;text-wrap:pretty}
    :lang(zh-CN) .chapter>p{text-indent:2em}
    a{color:var(--accent)}
    .box{background:var(--tint);border-left:4px solid var(--accent);padding:.9rem 1.3rem;margin:1.4rem 0}
    .box h3{margin:0 0 .4rem}.box p{margin:.3rem 0}
    .table{margin:1.8rem 0;overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-family:var(--sans);font-size:.84rem;line-height:1.45;font-variant-numeric:tabular-nums lining-nums}
    .wide table{font-size:.74rem}
    .slim table{width:auto;min-width:62%;margin:0 auto}.slim .note{width:62%;margin-left:auto;margin-right:auto}
    caption{font-weight:700;font-size:.95rem;padding:0 0 .45rem;text-align:center;line-height:1.5}
    .unit{display:block;text-align:right;font-weight:400;font-size:.78rem;color:var(--soft)}
    thead{border-top:2px solid var(--rule);border-bottom:1px solid var(--rule)}
    tbody{border-bottom:2px solid var(--rule)}
    th,td{padding:.34rem .5rem;text-align:left;vertical-align:top}
    .wide th,.wide td{padding:.3rem .34rem}
    thead th{font-weight:600;vertical-align:bottom}
    th.n,td.n{text-align:right}td.n{white-space:nowrap}
    th.g{text-align:center;border-bottom:1px solid #9aa0a8}
    tbody th{font-weight:400}.total th,.total td{font-weight:600}
    th.i1{padding-left:1.6em}th.i2{padding-left:2.6em}
    td.f{background:#f6f7f9}
    td.grade{white-space:nowrap;text-align:left}td.gD{color:#8a2d06;font-weight:600}
    .note{font-family:var(--sans);font-size:.77rem;line-height:1.55;margin:.3rem 0 0;color:#43484f;text-indent:0;text-align:left}
    figure{margin:2rem 0}figure svg{display:block;width:100%;height:auto}
    figcaption{text-align:center;font-weight:700;font-size:.95rem;margin-top:.5rem}
    footer{margin-top:3rem;padding-top:1rem;border-top:1px solid #c9cdd2;font-family:var(--sans);font-size:.8rem;color:var(--soft)}
    @media (max-width:64rem){body{display:block}nav{position:static;max-height:none;padding:1rem clamp(1rem,5vw,4rem);background:var(--tint)}main{box-shadow:none}}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    @page{size:A4;margin:22mm 20mm}
    @media print{html{font-size:10.5pt}body{display:block;background:#fff}main{padding:0;box-shadow:none}nav{position:static;max-height:none;padding:0;break-after:page}
      .cover{break-after:page}h2{break-before:page;margin-top:0}h2,h3,caption{break-after:avoid}tr,figure,.box{break-inside:avoid}thead{display:table-header-group}
      .table{overflow:visible}.skip{display:none}a{color:inherit;text-decoration:none}}

    """
}
