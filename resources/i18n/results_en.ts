<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>AlertPanel</name>
    <message numerus="yes">
        <source>%n check(s) could not be completed; see Check.</source>
        <translation>
            <numerusform>%n check could not be completed; see Check.</numerusform>
            <numerusform>%n checks could not be completed; see Check.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckPage</name>
    <message numerus="yes">
        <source>%n alert(s), worst first.</source>
        <translation>
            <numerusform>%n alert.</numerusform>
            <numerusform>%n alerts, worst first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EvidencePanel</name>
    <message numerus="yes">
        <source>Show %n small contribution(s)</source>
        <translation>
            <numerusform>Show %n small contribution</numerusform>
            <numerusform>Show %n small contributions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TableAgeWords</name>
    <message numerus="yes">
        <source>%n day(s) old</source>
        <translation>
            <numerusform>%n day old</numerusform>
            <numerusform>%n days old</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old, more than half a year</source>
        <translation>
            <numerusform>%n day old, more than half a year</numerusform>
            <numerusform>%n days old, more than half a year</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old, more than a year</source>
        <translation>
            <numerusform>%n day old, more than a year</numerusform>
            <numerusform>%n days old, more than a year</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SignPanel</name>
    <message numerus="yes">
        <source>%n severe alert(s) must be set aside with a reason before signing.</source>
        <translation>
            <numerusform>%n severe alert must be set aside with a reason before signing.</numerusform>
            <numerusform>%n severe alerts must be set aside with a reason before signing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WaitingFindings</name>
    <message numerus="yes">
        <source>%n finding(s) not counted</source>
        <translation>
            <numerusform>%n finding not counted</numerusform>
            <numerusform>%n findings not counted</numerusform>
        </translation>
    </message>
</context>
</TS>
