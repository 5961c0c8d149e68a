import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** A referral as the contract has it: fields, patterns and attributes are checked like there. */
record Referral(
    @JsonProperty(required = true) Client client,
    @JsonProperty(required = true) Service service,
    String offer_id,
    Urgency urgency,
    @JsonProperty(required = true) Place wished_place,
    @JsonProperty(required = true) String first_received_at,
    @JsonProperty(required = true) String first_received_by,
    String note) {

    enum Service {
        childcare_and_care, debt_counselling, psychosocial_support, addiction_counselling,
        benefit_advice, job_placement, case_management_on_site, housing_costs, local_offer
    }

    enum Urgency { routine, urgent, asap }

    enum Place { town_hall, kranichstein, phone, home_visit }

    record Address(
        @JsonProperty(required = true) String street,
        @JsonProperty(required = true) String house_number,
        String additional,
        @JsonProperty(required = true) String postal_code,
        @JsonProperty(required = true) String city) {

        Address {
            text(street);
            matches(HOUSE_NUMBER, house_number);
            matches(POSTAL_CODE, postal_code);
            text(city);
        }
    }

    record Client(
        @JsonProperty(required = true) String client_id,
        @JsonProperty(required = true) String family_name,
        @JsonProperty(required = true) String given_names,
        @JsonProperty(required = true) String birth_date,
        @JsonProperty(required = true) String ags,
        Address address,
        String phone,
        String email,
        List<String> languages,
        boolean contact_prohibited,
        boolean disclosure_blocked) {

        Client {
            matches(CLIENT_ID, client_id);
            text(family_name);
            text(given_names);
            LocalDate.parse(birth_date);
            matches(AGS, ags);
            if (phone != null) matches(PHONE, phone);
            if (email != null) matches(EMAIL, email);
            for (String language : languages) matches(LANGUAGE, language);
        }
    }

    Referral {
        OffsetDateTime.parse(first_received_at);
        matches(PARTY, first_received_by);
        if (note != null && note.length() > 500) throw new IllegalArgumentException("note");
        if ((service == Service.local_offer) != (offer_id != null)) {
            throw new IllegalArgumentException("offer_id");
        }
    }

    private static final Pattern HOUSE_NUMBER =
        Pattern.compile("[0-9]{1,4} ?[a-zA-Z]?(-[0-9]{1,4}[a-zA-Z]?)?");
    private static final Pattern POSTAL_CODE = Pattern.compile("[0-9]{5}");
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9-]{4,40}");
    private static final Pattern AGS = Pattern.compile("[0-9]{8}");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9 /()-]{5,24}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,190}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");
    private static final Pattern PARTY = Pattern.compile("[a-z0-9][a-z0-9-]{1,31}");
    private static final Pattern SOURCE =
        Pattern.compile("//kurze-wege/[a-z0-9][a-z0-9-]{1,31}/[a-z0-9-]{1,40}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,63}");
    private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,60}");
    private static final Map<String, Pattern> ATTRIBUTES = Map.of(
        "ce_source", SOURCE, "ce_id", ID, "ce_subject", SUBJECT, "ce_recipient", PARTY,
        "ce_purpose", WORD, "ce_legalbasis", WORD, "ce_dataclassification", WORD);
    private static final ObjectReader READER = JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build()
        .readerFor(Referral.class);

    /** The referral in a record; throws what is wrong with it. */
    static Referral read(byte[] key, byte[] value, Headers headers) {
        for (Map.Entry<String, Pattern> attribute : ATTRIBUTES.entrySet()) {
            matches(attribute.getValue(), Router.text(headers, attribute.getKey()));
        }
        OffsetDateTime.parse(Router.text(headers, "ce_time"));
        Header subject = headers.lastHeader("ce_subject");
        if (!java.util.Arrays.equals(key, subject.value())) {
            throw new IllegalArgumentException("key");
        }
        if (!"referral.requested.v1".equals(Router.text(headers, "ce_type"))) {
            throw new IllegalArgumentException("type");
        }
        try {
            return READER.readValue(value);
        } catch (IOException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static void matches(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) throw new IllegalArgumentException(pattern.pattern());
    }

    private static void text(String text) {
        if (text.isEmpty() || text.length() > 120) throw new IllegalArgumentException("text");
    }
}
