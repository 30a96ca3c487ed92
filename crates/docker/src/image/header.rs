use bollard::Docker as Client;

/// The headers that carry credentials.
const HEADERS: [&str; 2] = ["x-registry-auth", "x-registry-config"];

/// A client that spells credentials in the alphabet that engines read, that of URLs: in the other one `+` and `/` make an
/// engine take no notice of them.
pub(super) fn corrected(client: Client) -> Client {
    client.with_request_modifier(|mut request| {
        for header in HEADERS {
            if let Some(value) = request.headers_mut().get_mut(header)
                && let Ok(text) = value.to_str()
                && let Ok(spelt) = text.replace('+', "-").replace('/', "_").parse()
            {
                *value = spelt;
            }
        }
        request
    })
}
