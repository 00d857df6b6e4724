"""The page's own voice in languages other than English: what `phrases` knows in English, for the same three uses.

German, French, Spanish, Italian, Portuguese, Dutch, Russian, Arabic, Japanese, Chinese and Korean. A phrase stands here
where it fills a short block by itself on pages of the language; a sentence that only begins so is left alone.
"""

from __future__ import annotations

NOISE = (
    r"teilen|drucken|merken|weiterlesen|mehr (?:erfahren|lesen|anzeigen)|nach oben|zum seitenanfang|anzeige|werbung"
    r"|lesezeit.{0,20}|(?:jetzt )?newsletter (?:abonnieren|bestellen).{0,40}|inhaltsverzeichnis"
    r"|schlagw(?:o|ö)rter.{0,80}"
    r"|(?:veröffentlicht|aktualisiert|zuletzt (?:geändert|aktualisiert)|stand)(?: am|:).{0,30}\d{4}.{0,20}"
    r"|(?:ihre|deine) e-?mail-?adresse wird nicht veröffentlicht.{0,60}|alle rechte vorbehalten.{0,20}"
    r"|partager(?: (?:sur|cet|par)\b.{0,30})?|imprimer|temps de lecture.{0,20}|lire la suite|en savoir plus|publicité"
    r"|(?:publié|mis à jour|modifié) le .{0,30}\d{4}.{0,40}|sommaire|table des matières"
    r"|(?:inscrivez|abonnez)-vous à.{0,60}"
    r"|(?:votre|l.)\s?adresse e-?mail.{0,20} ne sera pas publiée.{0,60}|tous droits réservés.{0,20}"
    r"|compartir(?: (?:en|por)\b.{0,30})?|imprimir|tiempo de lectura.{0,20}|leer más|seguir leyendo|publicidad"
    r"|etiquetas.{0,80}"
    r"|(?:publicado|actualizado)(?: el)? .{0,30}\d{4}.{0,20}|suscr[ií]b(?:ete|ase) a.{0,60}"
    r"|inicia sesión para comentar"
    r"|todos los derechos reservados.{0,20}"
    r"|condividi(?: (?:su|con)\b.{0,30})?|stampa|tempo di lettura.{0,20}|leggi (?:tutto|di più)|continua a leggere"
    r"|pubblicità"
    r"|(?:pubblicato|aggiornato) il .{0,30}\d{4}.{0,20}|iscriviti alla.{0,60}|tutti i diritti riservati.{0,20}"
    r"|compartilh(?:e|ar)(?: (?:no|na|em)\b.{0,30})?|tempo de leitura.{0,20}|leia mais|saiba mais|continue lendo"
    r"|publicidade"
    r"|(?:publicado|atualizado) em .{0,30}\d{4}.{0,20}|(?:assine|inscreva-se).{0,20}newsletter.{0,20}"
    r"|todos os direitos reservados.{0,20}"
    r"|delen(?: (?:op|via)\b.{0,30})?|afdrukken|leestijd.{0,20}|lees (?:meer|verder)|inhoudsopgave|advertentie"
    r"|(?:gepubliceerd|bijgewerkt) op .{0,30}\d{4}.{0,20}|alle rechten voorbehouden.{0,20}"
    r"|поделиться.{0,20}|читать далее|реклама|время чтения.{0,20}|شارك.{0,20}|إعلان|جميع الحقوق محفوظة.{0,20}"
    r"|シェアする|ツイートする|目次|広告|スポンサーリンク|続きを読む|分享|广告|目录|阅读更多|공유하기|목차|광고"
)
"""Blocks that say nothing of the article's."""
POINTERS = (
    r"lesen sie (?:auch|mehr|dazu)|mehr (?:dazu|zum thema)|siehe auch|auch interessant|(?:à )?lire (?:aussi|également)"
    r"|voir aussi|le[ea] también|ver también|te puede interesar|leggi anche|vedi anche|leia (?:também|mais)"
    r"|veja também"
    r"|lees ook|zie ook|читайте также|смотрите также|اقرأ أيضا|あわせて読みたい|関連記事|相关阅读|관련 기사"
)
"""What begins a line that is mostly a link to another page."""
TAIL_HEADINGS = (
    r"das könnte (?:sie|dich|euch) (?:auch |ebenfalls )?interessieren|auch interessant"
    r"|(?:ähnliche|verwandte|weitere|mehr) (?:artikel|beiträge|themen|meldungen|nachrichten).{0,40}"
    r"|über (?:den|die) autor(?:in|en)?|zu[rm] autor(?:in)?|kommentare?\W*\d*"
    r"|(?:schreiben sie|schreibe?) einen kommentar"
    r"|kommentar (?:schreiben|verfassen|hinterlassen)"
    r"|articles (?:similaires|liés|connexes)|à (?:lire|découvrir) (?:aussi|également)|sur le même (?:sujet|thème)"
    r"|vous aimerez aussi.{0,20}|à propos de l.auteur(?:e|rice)?|\d*\s*commentaires?\W*\d*|laisser un commentaire"
    r"|(?:también )?te (?:puede|podría) (?:interesar|gustar).{0,20}|(?:artículos|noticias|entradas) relacionad[ao]s"
    r"|sobre (?:el|la) autora?|\d*\s*comentarios?\W*\d*|dej[ae] (?:un comentario|una respuesta)"
    r"|(?:articoli|notizie) correlat[ie]|potrebbe(?:ro)? (?:anche )?interessarti.{0,20}|leggi anche|(?:l.)?autore"
    r"|lascia un commento|\d*\s*commenti"
    r"|(?:artigos|posts|notícias) relacionad[ao]s|(?:você )?(?:também )?pode (?:gostar|interessar).{0,20}|leia também"
    r"|sobre [oa] autora?|deixe um comentário|\d*\s*comentários?"
    r"|gerelateerde (?:artikelen|berichten)|lees ook|over de auteur|laat een (?:reactie|bericht) achter"
    r"|reacties?\W*\d*"
    r"|похожие (?:статьи|материалы)|читайте также|об авторе|комментарии.{0,10}|مقالات ذات صلة|اقرأ أيضا|التعليقات"
    r"|関連記事|おすすめ記事|この記事を書いた人|コメント.{0,6}|相关(?:文章|阅读|推荐)|评论.{0,6}|관련 기사|댓글.{0,6}"
)
"""Headings of what follows an article."""
BYLINE_WORDS = (
    r"von|am|um|uhr|veröffentlicht|aktualisiert|stand|par|le|à|publié|mis|jour|por|el|publicado|actualizado|di|il"
    r"|pubblicato|aggiornato|em|às|atualizado|door|op|gepubliceerd|bijgewerkt"
)
