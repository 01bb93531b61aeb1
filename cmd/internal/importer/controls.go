package importer

import (
	"strings"
	"unicode/utf8"

	"communique/storage/lazyregexp"
)

// controls are the words on the controls of a page: a line of nothing else is not
// text.
//
//lint:ignore ST1018 Persian words are written with a zero-width non-joiner.
var controls = foldedSet(`print|print this page|print page|print version|printer friendly|printer-friendly version|printable version|suggest to a friend|tell a friend|send to a friend|email|e-mail|mail|email this page|share|share this|share this page|share on|share on facebook|share on twitter|share:|tweet|like|pin it|save|pdf|download pdf|save as pdf|copy link|link copied|facebook|twitter|x|whatsapp|telegram|linkedin|messenger|instagram|youtube|viber|reddit|threads|mastodon|bluesky|pinterest|weibo|wechat|qq|qzone|line|vk|vkontakte|ok|xing|back|back to list|back to the list|back to overview|back to top|to top|top|top of page|go back|close|close window|font size|text size|a|a+|a-|a a a|+|-|small|medium|large|listen|read aloud|rss|subscribe|bookmark|add to favourites|add to favorites|previous|next|previous page|next page|related|related articles|related news|more|read more|contact us|skip to content|skip to main content|language|loading|menu|search
|drucken|seite drucken|diese seite drucken|artikel drucken|druckversion|teilen|seite teilen|beitrag teilen|artikel teilen|empfehlen|seite empfehlen|weiterempfehlen|versenden|per e-mail versenden|merken|vorlesen|nach oben|zum seitenanfang|seitenanfang|zurück|zurück zur übersicht|zurück zur liste|zur übersicht|schriftgröße|weiter|mehr|schließen|video überspringen|link kopieren
|imprimer|imprimer la page|imprimer cet article|version imprimable|partager|partager sur|partager cette page|partager l'article|partager sur les réseaux sociaux|partager sur facebook|partager sur twitter|envoyer|envoyer par mail|envoyer à un ami|recommander|haut de page|retour|retour à la liste|retour en haut|taille du texte|suivant|précédent|lire aussi|écouter|copier le lien|enregistrer
|imprimir|compartir|compartir en|compartir en facebook|compartir en twitter|enviar|enviar por correo|enviar por e-mail|enviar a un amigo|recomendar|volver|volver al listado|volver arriba|subir|anterior|siguiente|tamaño de letra|escuchar|copiar enlace|descargar
|compartilhar|compartilhe|partilhar|partilhe|compartilhe:|enviar por email|voltar|voltar ao topo|topo|copiar para área de transferência|link para copiar para área de transferência|ouvir|baixar|tamanho da letra
|stampa|condividi|condividi su|invia|torna su|indietro|ascolta|copia link|segnala|vedi azioni
|drukuj|udostępnij|wyślij|wstecz|powrót|do góry|poleć|tisk|vytisknout|sdílet|zpět|tlač|zdieľať|nyomtatás|megosztás|ispiši|podijeli|natisni|deli|tipărește|distribute|trimite|printeaza|skriv ut|dela|del|udskriv|tulosta|jaa|prindi|jaga|drukāt|spausdinti|dalintis|afdrukken|delen|deel deze pagina|terug
|yazdır|paylaş|geri|yukarı|e-posta|arkadaşına gönder|εκτύπωση|κοινοποίηση|print email
|печать|распечатать|версия для печати|напечатать|поделиться|поделиться:|поделиться в|отправить|отправить другу|назад|наверх|вверх|вернуться|вернуться назад|скопировать ссылку|вконтакте|одноклассники|телеграм|размер шрифта|друк|надрукувати|поділитися|версія для друку|споделяне|печат|сподели
|طباعة|اطبع|نسخة للطباعة|مشاركة|شارك|شارك الخبر|شارك على|إرسال|ارسل|أرسل إلى صديق|إرسال إلى صديق|العودة|العودة إلى الأعلى|رجوع|للأعلى|حجم الخط|تكبير|تصغير|فيسبوك|تويتر|واتساب|نسخ الرابط|استماع|چاپ|ارسال|اشتراک گذاری|اشتراک‌گذاری|بازگشت|הדפסה|הדפס|שתף|שיתוף|שלח לחבר
|打印|打印本页|打印本文|【打印】|打印文章|关闭|关闭窗口|关闭本页|【关闭】|分享|分享到|分享到：|分享让更多人看到|推荐给朋友|推荐给好友|推荐|收藏|返回|返回顶部|返回首页|顶部|字体|字号|大|中|小|大 中 小|纠错|【纠错】|举报|微信|微博|新浪微博|人民微博|qq空间|复制地址|复制链接|扫一扫|扫一扫在手机打开当前页|下一页|上一页|下一篇|上一篇|列印|友善列印|轉寄|分享本頁|回上頁|回上一頁|回頂端
|印刷|印刷する|このページを印刷|シェア|シェアする|ツイート|共有|ページの先頭へ|このページの先頭へ|このページのトップへ戻る|ページトップへ|トップへ戻る|前のページへ戻る|戻る|一覧へ戻る|文字サイズ|인쇄|프린트|공유|공유하기|목록|이전|다음|위로|in trang|chia sẻ|in bài|quay lại|พิมพ์|แชร์|cetak|bagikan|प्रिंट|साझा करें|شیئر`)

// related are the headings of boxes that offer other pages.
var related = foldedSet(`related|related articles|related news|related links|related stories|related content|related documents|related topics|see also|read also|read more|more news|latest news|more on this|more on this topic|further information|further links|further reading|explore further|keep reading|most read|you might also like|you may also like|recommended|recommended reading
|weitere informationen|weiterführende informationen|weiterführende links|weiterführender link|weitere links|zum weiterlesen|weiterlesen|auch lesen|schon gelesen|meistgelesen|meist gelesen|meistgelesene artikel|meist gelesene artikel|empfehlungen der redaktion|empfehlungen aus der redaktion|das könnte dich auch interessieren|das könnte euch auch interessieren|mehr zum thema|zum thema|weitere meldungen|weitere nachrichten|weitere artikel|weitere themen|das könnte sie auch interessieren|auch interessant|ähnliche artikel|verwandte themen|verwandte artikel|lesen sie auch
|vous aimerez aussi|à lire également|pour aller plus loin|en savoir plus|informations complémentaires|articles liés|articles associés|articles correspondents|articles similaires|à lire aussi|lire aussi|voir aussi|sur le même sujet|sur le même thème|dans la même rubrique|les plus lus|articles les plus lus|actualités liées
|notas relacionadas|lee también|lea también|más leídas|información relacionada|noticias relacionadas|contenido relacionado|artículos relacionados|ver también|véase también|te puede interesar|también te puede interesar|más noticias|más información|otras noticias|últimas noticias
|notícias relacionadas|conteúdo relacionado|artigos relacionados|leia também|veja também|ver também|mais notícias|últimas notícias|artigos correlates
|articoli correlati|notizie correlate|leggi anche|vedi anche|ti potrebbe interessare|altre notizie|ultime notizie|contenuti correlati
|zobacz także|zobacz też|czytaj także|czytaj też|powiązane|powiązane artykuły|podobne artykuły|související články|související|mohlo by vás zajímat|súvisiace články|kapcsolódó cikkek|kapcsolódó|povezane vijesti|povezane novice|articole similare|vezi și|citește și
|gerelateerd|gerelateerde berichten|gerelateerde artikelen|lees ook|zie ook|meer nieuws|läs också|läs även|relaterade artiklar|relaterat|les også|læs også|lue myös|katso myös|seotud uudised|saistītie raksti|susijusios naujienos
|ilgili haberler|ilgili içerikler|benzer haberler|diğer haberler|σχετικά άρθρα|διαβάστε επίσης|δείτε επίσης|σχετικά
|читайте также|смотрите также|похожие материалы|похожие новости|материалы по теме|по теме|другие новости|ещё по теме|еще по теме|связанные новости|последние новости|читайте також|схожі новини|дивіться також|інші новини|свързани новини|още новини|вижте също
|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|موضوعات ذات صلة|اقرأ أيضا|اقرأ أيضاً|أخبار أخرى|المزيد من الأخبار|شاهد أيضا|روابط ذات صلة|آخر الأخبار|مطالب مرتبط|اخبار مرتبط|خبرهای مرتبط|כתבות נוספות|קראו גם
|推荐阅读|相关新闻|相关链接|相关阅读|相关文章|相关报道|相关专题|延伸阅读|热点推荐|精彩推荐|精彩图集|猜你喜欢|更多新闻|最新新闻|相關新聞|相關連結|延伸閱讀|関連記事|関連リンク|関連情報|関連ページ|あわせて読みたい|관련기사|관련 기사|관련 글|관련뉴스|tin liên quan|bài liên quan|xem thêm|ข่าวที่เกี่ยวข้อง|berita terkait|baca juga|संबंधित खबरें|habari zinazohusiana`)

// controlSigns separate the words of a line of controls.
var controlSigns = lazyregexp.New(`[\[\]【】()（）|｜/·•,，;；:：>»«<]+|\s{2,}|#`)

// tailLines are the beginnings of lines below a text that don't belong to it.
var tailLines = linesLike(`(\[?(copyright|©|\(c\) ?\d|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|todos os direitos|tutti i diritti|все права|[ву]сі права захищ|wszelkie prawa zastrz|všechna práva vyhr|všetky práva vyhr|minden jog fenntartva|sva prava (pridržana|zadržana)|vse pravice pridržane|toate drepturile rezervate|tüm hakları saklı|με επιφύλαξη παντός|alla rättigheter förbehåll|alle rechten voorbeh|無断転載|כל הזכויות שמורות|版权所有|版權所有|著作权|جميع الحقوق)|contact us\b.{0,40}(address|tel)|address\s*:.{5,}(tel|fax|phone)|(责任)?编辑[:：]|\(责编|（责编|责编[:：]|\(编辑|责任编辑|来源[:：]|稿件来源|作者[:：].{0,20}$|editor\s*:|edited by\s|webeditor|source\s*:\s|quelle\s*:\s|redaktion\s*:\s|tags?\s*:|categor(y|ies)\s*:|kategorien?\s*:|categorías?\s*:|catégories?\s*:|filed under\b|posted in\b|this entry was posted\b|(der|dieser) (beitrag|eintrag) wurde\b|mots?-clés?\s*:|keywords?\s*:|schlagw(ort|örter)\s*:|stichw\w+\s*:|etiquetas\s*:|palabras clave|теги\s*:|метки\s*:|ключевые слова|关键词[:：]|标签[:：]|分享到|related (articles|news|links|stories)|see also\b|read also\b|lire aussi|à lire aussi|mehr zum thema|weitere (informationen|artikel|meldungen|nachrichten|themen)\s*:?$|das könnte sie auch|ähnliche artikel|articles? (correspondents?|liés?|similaires?)|noticias relacionadas|notícias relacionadas|leia também|veja também|ver también|te puede interesar|articoli correlati|leggi anche|zobacz (też|także)|читайте также|похожие (материалы|новости)|相关(新闻|链接|阅读|文章|专题)|推荐阅读|延伸阅读|関連(記事|リンク|情報)|مواضيع ذات صلة|أخبار ذات صلة|اقرأ أيضا|((dernière )?mise à jour|publié le|last (updated|modified|reviewed)|page last|updated (on|:)|zuletzt (geändert|aktualisiert)|stand:|(última )?actualización|(fecha de )?actualizado|atualizado em|publicado em|ultimo aggiornamento|обновлено|последнее обновление|آخر تحديث|最后更新|最終更新|更新日)\W.{0,40}$|back to|zurück zu|retour à la liste|volver a|torna a|вернуться к)`)

// onlyControls reports whether a line consists of controls only.
func onlyControls(text string) bool {
	if utf8.RuneCountInString(text) > 160 {
		return false
	}
	if controls()[key(fold(text))] {
		return true
	}
	words := 0
	for part := range strings.SplitSeq(controlSigns.ReplaceAllString(text, "\x00"), "\x00") {
		k := key(fold(part))
		if k == "" {
			continue
		}
		words++
		if !controls()[k] && !allControls(part) {
			return false
		}
	}
	return words > 0
}

// allControls accepts "Share Tweet Print", single words of controls in a row.
func allControls(text string) bool {
	fields := strings.Fields(text)
	for _, f := range fields {
		if k := key(fold(f)); k != "" && !controls()[k] {
			return false
		}
	}
	return len(fields) > 1
}

// ornament reports whether a line has no letter and no digit.
func ornament(text string) bool {
	for _, r := range text {
		if r > 0x7f && !strings.ContainsRune("«»“”„–—…•·【】（）《》、。，：；！？　＞", r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return false
		}
	}
	return true
}

// missing recognises the text of a missing page, which many sites answer with status
// 200.
var missing = textsLike(`(^|\W)(error )?404(\W|$)|page (was |is |could )?(not|n't) (be )?(found|available|exist)|not found|no longer (available|exists)|does ?n[o']t exist|has been (removed|deleted|moved)|seite (wurde )?nicht gefunden|(seite|inhalt|artikel).{0,40}(existiert nicht|nicht (mehr )?(verfügbar|vorhanden))|nicht gefunden|page (introuvable|non trouvée|inexistante)|n['’]existe (pas|plus)|n['’]est plus disponible|página no (encontrada|existe|disponible)|no (se )?(ha )?(encontrad[oa]|encontró)|página não (encontrada|existe)|não (foi )?encontrad[oa]|pagina non trovata|non (è stata )?trovata|страница не найдена|не найден[ао]?|не существует|удалена|сторінк\w+ не знайдено|页面不存在|找不到|已(被)?删除|不存在|已过期|無法找到|ページが見つかりません|見つかりませんでした|存在しません|الصفحة غير موجودة|غير موجودة|لم يتم العثور|صفحه یافت نشد|یافت نشد|bulunamad|nie znaleziono|nie istnieje|stránka nenalezena|nenalezena|nem található|pagina niet gevonden|sidan (hittades|kunde) inte|siden (blev|ble|findes) ikke|sivua ei löy|찾을 수 없|không tìm thấy|tidak ditemukan`)
