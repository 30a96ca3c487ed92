use llm_sandbox_core::Language;

/// The image of each language, by its name: official, slim where there is one, its major version pinned.
const IMAGES: [(&str, &str); 7] = [
    ("python", "python:3.13-slim"),
    ("javascript", "node:22-slim"),
    ("java", "eclipse-temurin:21-jdk"),
    ("cpp", "gcc:14"),
    ("go", "golang:1.24"),
    ("r", "r-base:4.5.0"),
    ("ruby", "ruby:3.4-slim"),
];

/// The image that a sandbox is made of unless another is named. Without a language it is the first.
pub(super) fn image_for(language: Option<Language>) -> &'static str {
    let of_language = |language: Language| IMAGES.iter().find(|(name, _)| *name == language.name());
    language.and_then(of_language).unwrap_or(&IMAGES[0]).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_an_image_of_its_own() {
        for language in Language::ALL {
            assert!(IMAGES.iter().any(|(name, _)| *name == language.name()), "{language}");
        }
        assert_eq!(image_for(Some(Language::JavaScript)), "node:22-slim");
        assert_eq!(image_for(None), image_for(Some(Language::Python)));
    }

    #[test]
    fn every_image_has_a_version() {
        for (language, image) in IMAGES {
            let tag = image.rsplit_once(':').map(|(_, tag)| tag);
            assert!(
                tag.is_some_and(|tag| tag.starts_with(|first: char| first.is_ascii_digit())),
                "{language}: {image}"
            );
        }
    }
}
