"""Fixed sentences for the sheet that goes home with a family, in the languages we hear most.

Translated by us and marked so: nobody who grew up with the language has looked at them yet.
"""

from dataclasses import dataclass

from buurtwerk.languages import Language

CHECKED = False
RIGHT_TO_LEFT = {"ar"}

PHRASES = [
    {
        "nl": "Dit hebben we samen afgesproken.",
        "fr": "Voici ce que nous avons convenu ensemble.",
        "en": "This is what we agreed together.",
        "tr": "Birlikte bunları kararlaştırdık.",
        "ar": "هذا ما اتفقنا عليه معًا.",
        "es": "Esto es lo que hemos acordado juntos.",
        "uk": "Ось про що ми домовилися разом.",
    },
    {
        "nl": "Dit blad is van jou.",
        "fr": "Cette feuille est à vous.",
        "en": "This sheet is yours.",
        "tr": "Bu kâğıt sizindir.",
        "ar": "هذه الورقة لك.",
        "es": "Esta hoja es suya.",
        "uk": "Цей аркуш ваш.",
    },
    {
        "nl": "Jij beslist wat erop staat.",
        "fr": "C’est vous qui décidez de ce qui y est écrit.",
        "en": "You decide what is on it.",
        "tr": "Üzerinde ne yazacağına siz karar verirsiniz.",
        "ar": "أنت من يقرر ما يُكتب فيها.",
        "es": "Usted decide lo que pone en ella.",
        "uk": "Ви вирішуєте, що на ньому написано.",
    },
    {
        "nl": "Je mag altijd van gedacht veranderen.",
        "fr": "Vous pouvez toujours changer d’avis.",
        "en": "You can always change your mind.",
        "tr": "Fikrinizi her zaman değiştirebilirsiniz.",
        "ar": "يمكنك دائمًا تغيير رأيك.",
        "es": "Siempre puede cambiar de opinión.",
        "uk": "Ви завжди можете передумати.",
    },
    {
        "nl": "Klopt er iets niet? Zeg het ons.",
        "fr": "Quelque chose n’est pas correct ? Dites-le-nous.",
        "en": "Is something wrong? Tell us.",
        "tr": "Yanlış bir şey mi var? Bize söyleyin.",
        "ar": "هل هناك خطأ؟ أخبرنا.",
        "es": "¿Hay algo que no es correcto? Díganoslo.",
        "uk": "Щось не так? Скажіть нам.",
    },
    {
        "nl": "Lukt iets niet? Dat is niet erg. Bel ons.",
        "fr": "Quelque chose n’a pas marché ? Ce n’est pas grave. Appelez-nous.",
        "en": "Did something not work out? That is fine. Call us.",
        "tr": "Bir şey olmadı mı? Sorun değil. Bizi arayın.",
        "ar": "هل هناك شيء لم ينجح؟ لا بأس. اتصل بنا.",
        "es": "¿Algo no ha salido bien? No pasa nada. Llámenos.",
        "uk": "Щось не вийшло? Нічого страшного. Зателефонуйте нам.",
    },
    {
        "nl": "Je mag altijd een tolk vragen.",
        "fr": "Vous pouvez toujours demander un interprète.",
        "en": "You can always ask for an interpreter.",
        "tr": "Her zaman tercüman isteyebilirsiniz.",
        "ar": "يمكنك دائمًا طلب مترجم.",
        "es": "Siempre puede pedir un intérprete.",
        "uk": "Ви завжди можете попросити перекладача.",
    },
    {
        "nl": "Je mag iemand meebrengen.",
        "fr": "Vous pouvez venir avec quelqu’un.",
        "en": "You can bring someone along.",
        "tr": "Yanınızda birini getirebilirsiniz.",
        "ar": "يمكنك إحضار شخص معك.",
        "es": "Puede venir acompañado.",
        "uk": "Ви можете прийти з кимось.",
    },
    {
        "nl": "Neem dit blad mee naar een afspraak.",
        "fr": "Prenez cette feuille avec vous à un rendez-vous.",
        "en": "Bring this sheet to an appointment.",
        "tr": "Randevuya giderken bu kâğıdı yanınıza alın.",
        "ar": "أحضر هذه الورقة معك إلى الموعد.",
        "es": "Lleve esta hoja a las citas.",
        "uk": "Беріть цей аркуш із собою на зустріч.",
    },
    {
        "nl": "Krijg je een brief die je niet begrijpt? Breng hem mee.",
        "fr": "Vous recevez une lettre que vous ne comprenez pas ? Apportez-la.",
        "en": "Did you get a letter you do not understand? Bring it along.",
        "tr": "Anlamadığınız bir mektup mu geldi? Yanınızda getirin.",
        "ar": "هل وصلتك رسالة لا تفهمها؟ أحضرها معك.",
        "es": "¿Recibe una carta que no entiende? Tráigala.",
        "uk": "Отримали незрозумілого листа? Принесіть його.",
    },
    {
        "nl": "Je mag altijd binnenkomen met een vraag.",
        "fr": "Vous pouvez toujours entrer avec une question.",
        "en": "You can always come in with a question.",
        "tr": "Bir sorunuz olduğunda her zaman gelebilirsiniz.",
        "ar": "يمكنك دائمًا الدخول إذا كان لديك سؤال.",
        "es": "Siempre puede entrar con una pregunta.",
        "uk": "Ви завжди можете зайти із запитанням.",
    },
    {
        "nl": "Tot de volgende keer.",
        "fr": "À la prochaine fois.",
        "en": "See you next time.",
        "tr": "Bir dahaki sefere görüşmek üzere.",
        "ar": "إلى اللقاء في المرة القادمة.",
        "es": "Hasta la próxima vez.",
        "uk": "До наступної зустрічі.",
    },
]
LANGUAGES = list(PHRASES[0])


@dataclass(frozen=True)
class Fold:
    """The other half of the sheet: each sentence in Dutch and in the language of the family."""

    language: str
    pairs: list

    @property
    def label(self):
        return Language(self.language).label

    @property
    def direction(self):
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def is_checked(self):
        return CHECKED


def fold_in(language):
    """None for Dutch, and for a language that we have no sentences in."""
    if language == Language.NL or language not in LANGUAGES:
        return None
    return Fold(language, [(phrase["nl"], phrase[language]) for phrase in PHRASES])


def language_of(household):
    """The first language of the family that we have sentences in; Dutch when there is none."""
    return next((code for code in household.languages if code != Language.NL and code in LANGUAGES), Language.NL)
