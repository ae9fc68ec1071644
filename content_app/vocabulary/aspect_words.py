"""The words with which people ask for an aspect of a condition: “physio” asks for treatment.

In: nothing. Out: `ASPECT_WORDS`, phrases by aspect. A phrase is a set of words that may stand in any order; the label
of an aspect is always one of its phrases. Search takes these words as a question, not as words of a text.
"""

from content_app.vocabulary.terms import ASPECTS

_WORDS = {
    "red_flags": """
        red flags, red flag, warning signs, warning sign, alarm signs, when to worry, when to see a doctor,
        see a doctor, seek help, get help, urgent, emergency, dangerous, danger, serious, is it serious,
        hospital
        """,
    "diagnosis": """
        diagnosis, diagnose, diagnosed, diagnosing, diagnostic, test, tests, blood test, scan, scans, mri, x
        ray, xray, ultrasound, imaging, criteria, examination, examine, how do you know, specialist,
        rheumatologist, referral
        """,
    "differential": """
        differential diagnosis, differential, what else could it be, something else, mistaken for,
        misdiagnosed, misdiagnosis, rule out, ruled out
        """,
    "treatment": """
        treatment, treatments, treat, treated, treating, therapy, therapies, physiotherapy, physio,
        physiotherapist, physical therapy, occupational therapy, exercise, exercises, rehabilitation, rehab,
        medicine, medicines, medication, medications, medicament, drug, drugs, tablet, tablets, pill, pills,
        painkiller, painkillers, opioid, opioids, morphine, paracetamol, acetaminophen, ibuprofen, gabapentin,
        pregabalin, duloxetine, amitriptyline, steroid, steroids, surgery, operation, injection, nerve block,
        cbt, cognitive behavioural therapy, psychologist, psychology, psychological, counselling, cure, cures,
        cured, curable, hydrotherapy, desensitisation, acupuncture, massage, tens, how to stop the pain, get
        rid of, what helps
        """,
    "self_management": """
        self management, self help, self care, coping, cope, what can i do, what can we do, how can i help,
        how can we help, how to help, at home, advice, tips, school, teacher, pacing, sport, sports, diet,
        lifestyle, support
        """,
    "prognosis": """
        prognosis, outlook, will it get better, get better, gets better, getting better, go away, goes away,
        will it last, how long, recover, recovers, recovery, remission, relapse, relapses, come back, comes
        back, grow out, outgrow, outcome, outcomes, long term, forever, permanent, lifelong, cure, cured,
        curable, future
        """,
    "complications": """
        complications, complication, long term damage, damage, side effects, harm
        """,
    "epidemiology": """
        epidemiology, prevalence, incidence, how common, how many, how rare, is it rare, rare, statistics,
        numbers of, girls or boys, more girls
        """,
    "who_is_affected": """
        who is affected, who gets, who has it, what age, which age
        """,
    "cause": """
        cause, causes, caused, what causes, why do i have, why does, reason for, etiology, aetiology
        """,
    "mechanism": """
        mechanism, mechanisms, pathophysiology, how does it work, what happens in
        """,
    "risk_factors": """
        risk factors, risk factor, genetic, genetics, hereditary, inherited, inherit, runs in family, run in
        families
        """,
    "psychosocial_factors": """
        stress, stressed, anxiety, anxious, depression, depressed, psychosocial, psychosomatic, all in the
        head, in my head, in her head, in his head, is the pain real, is it real, imagined, imagining, made
        up, faking
        """,
    "other_symptoms": """
        fatigue, tired, tiredness, exhausted, sleep, sleeping, insomnia, headache, headaches, stomach ache,
        brain fog, concentration, memory, dizziness, dizzy
        """,
    "function": """
        daily function, disability, disabled, school attendance, missing school, wheelchair, crutches,
        function
        """,
    "prevention": """
        prevention, prevent, preventing, preventable, avoid getting
        """,
    "duration_threshold": """
        duration threshold, three months, 3 months, how long counts
        """,
    "classification": """
        classification, classified, icd, icd code
        """,
    "symptoms": """
        symptoms, symptom, signs
        """,
    "onset_and_course": """
        onset, how does it start, how does it begin, course
        """,
    "impact": """
        impact, daily life, quality of life
        """,
}

ASPECT_WORDS: dict[str, list[str]] = {
    code: [term.label.lower(), *(" ".join(phrase.split()) for phrase in _WORDS.get(code, "").split(",") if phrase)]
    for code, term in ASPECTS.items()
}
