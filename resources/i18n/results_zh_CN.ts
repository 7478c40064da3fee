<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AbstainedPanel</name>
    <message>
        <source>Lantern does not rank this case</source>
        <translation>Lantern 未对本病例排序</translation>
    </message>
    <message>
        <source>Show the candidates without ranking</source>
        <translation>显示候选诊断（不排序）</translation>
    </message>
    <message>
        <source>Adding this would help: {names}</source>
        <translation>补充以下内容会有帮助：{names}</translation>
    </message>
</context>
<context>
    <name>AlertPanel</name>
    <message>
        <source>Alerts, worst first</source>
        <translation>警示（最严重在前）</translation>
    </message>
    <message>
        <source>Set aside with a reason (O)</source>
        <translation>说明理由后忽略 (O)</translation>
    </message>
    <message>
        <source>No alert was raised.</source>
        <translation>没有警示。</translation>
    </message>
    <message>
        <source>Not checked, no table knows it: {names}.</source>
        <translation>未核查（知识表中没有）：{names}。</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) could not be completed; see Check.</source>
        <translation>
            <numerusform>有 %n 项核查未能完成，详见“核查”页。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BasisPanel</name>
    <message>
        <source>How the options are ranked</source>
        <translation>选项排序方法</translation>
    </message>
    <message>
        <source>Lantern</source>
        <translation>Lantern</translation>
    </message>
    <message>
        <source>Knowledge</source>
        <translation>知识库</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>none took part</source>
        <translation>未使用模型</translation>
    </message>
    <message>
        <source>Made at</source>
        <translation>生成时间</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Missing from the case</source>
        <translation>病历缺少</translation>
    </message>
    <message>
        <source>Not understood</source>
        <translation>未能识别</translation>
    </message>
    <message>
        <source>Knowledge rows used</source>
        <translation>使用的知识条目</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Common conditions start from</source>
        <translation>常见病起始概率依据</translation>
    </message>
</context>
<context>
    <name>CantMissStrip</name>
    <message>
        <source>Do not miss</source>
        <translation>不可漏诊</translation>
    </message>
</context>
<context>
    <name>ChangePanel</name>
    <message>
        <source>What would change the first place</source>
        <translation>什么会改变第一位</translation>
    </message>
    <message>
        <source>Missing, and worth adding</source>
        <translation>缺少且值得补充</translation>
    </message>
    <message>
        <source>No single entry would change the first place.</source>
        <translation>没有任何单项内容会改变第一位。</translation>
    </message>
    <message>
        <source>If “{finding}” were {after} instead of {before}, {disease} would be first.</source>
        <translation>如果“{finding}”由“{before}”变为“{after}”，则第一位是{disease}。</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>present</source>
        <translation>有</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>CheckPage</name>
    <message>
        <source>Every kind</source>
        <translation>所有类型</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核查</translation>
    </message>
    <message>
        <source>Check the medication</source>
        <translation>核查用药</translation>
    </message>
    <message>
        <source>&amp;Show down to</source>
        <translation>显示至(&amp;S)</translation>
    </message>
    <message>
        <source>Mildest severity shown</source>
        <translation>显示的最低严重程度</translation>
    </message>
    <message>
        <source>Kind of alert</source>
        <translation>警示类型</translation>
    </message>
    <message>
        <source>Search in the alerts</source>
        <translation>在警示中搜索</translation>
    </message>
    <message>
        <source>Alerts, worst first</source>
        <translation>警示（最严重在前）</translation>
    </message>
    <message>
        <source>Nothing has been checked: no medication is recorded.</source>
        <translation>尚未核查：未记录用药。</translation>
    </message>
    <message>
        <source>Nothing has been checked yet: {drugs}.</source>
        <translation>尚未核查：{drugs}。</translation>
    </message>
    <message>
        <source>No medication is recorded, so there was nothing to check.</source>
        <translation>未记录用药，因此没有可核查的内容。</translation>
    </message>
    <message>
        <source>Checked: {drugs}.</source>
        <translation>已核查：{drugs}。</translation>
    </message>
    <message>
        <source>no drug</source>
        <translation>无药物</translation>
    </message>
    <message>
        <source>None of the tables named below raised an alert on these.</source>
        <translation>下列知识表均未对这些药物发出警示。</translation>
    </message>
    <message>
        <source>No row of the installed tables raised an alert on these.</source>
        <translation>已安装的知识表中没有条目对这些药物发出警示。</translation>
    </message>
    <message>
        <source>{shown} of {total} alerts shown; the filter hides the others.</source>
        <translation>显示 {total} 条警示中的 {shown} 条，其余被筛选隐藏。</translation>
    </message>
    <message numerus="yes">
        <source>%n alert(s), worst first.</source>
        <translation>
            <numerusform>%n 条警示，最严重在前。</numerusform>
        </translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>警示</translation>
    </message>
    <message>
        <source>Genotypes</source>
        <translation>基因型</translation>
    </message>
</context>
<context>
    <name>ChoiceModel</name>
    <message>
        <source>   → then first: %1, %2</source>
        <translation>   → 届时第一位：%1，%2</translation>
    </message>
</context>
<context>
    <name>CommitPanel</name>
    <message>
        <source>First, your own working diagnosis</source>
        <translation>请先写下您自己的初步诊断</translation>
    </message>
    <message>
        <source>It is stored before the list is shown, and compared with it afterwards. Danger signs above never wait for this.</source>
        <translation>它会在显示列表之前保存，之后与列表比较。上方的危险信号不会因此延后显示。</translation>
    </message>
    <message>
        <source>My working &amp;diagnosis</source>
        <translation>我的初步诊断(&amp;D)</translation>
    </message>
    <message>
        <source>a diagnosis in your own words</source>
        <translation>用您自己的话写诊断</translation>
    </message>
    <message>
        <source>My working diagnosis</source>
        <translation>我的初步诊断</translation>
    </message>
    <message>
        <source>Record and show the list</source>
        <translation>记录并显示列表</translation>
    </message>
</context>
<context>
    <name>DangerSigns</name>
    <message>
        <source>Danger signs</source>
        <translation>危险信号</translation>
    </message>
</context>
<context>
    <name>DifferentialPage</name>
    <message>
        <source>Differential</source>
        <translation>鉴别诊断</translation>
    </message>
    <message>
        <source>No differential yet. Press Return to rank the diagnoses for this case.</source>
        <translation>尚无鉴别诊断。按回车键为本病例排序。</translation>
    </message>
    <message>
        <source>My diagnosis (D)</source>
        <translation>我的诊断 (D)</translation>
    </message>
    <message>
        <source>Run (Return)</source>
        <translation>运行（回车）</translation>
    </message>
    <message>
        <source>Plan for the selected one (P)</source>
        <translation>为所选诊断制定方案 (P)</translation>
    </message>
    <message>
        <source>Candidates without ranking</source>
        <translation>候选诊断（未排序）</translation>
    </message>
    <message>
        <source>Ranked diagnoses</source>
        <translation>诊断排序</translation>
    </message>
    <message>
        <source>Candidates only: Lantern did not rank this case.</source>
        <translation>仅为候选诊断：Lantern 未对本病例排序。</translation>
    </message>
    <message>
        <source>Your diagnosis: {own}. {agreement}.</source>
        <translation>您的诊断：{own}。{agreement}。</translation>
    </message>
    <message>
        <source>Your diagnosis: {own}. It could not be compared.</source>
        <translation>您的诊断：{own}。无法与列表比较。</translation>
    </message>
    <message>
        <source>.</source>
        <translation>。</translation>
    </message>
    <message>
        <source>No vote from: {names}.</source>
        <translation>未参与：{names}。</translation>
    </message>
    <message>
        <source>Not understood: {names}.</source>
        <translation>未能识别：{names}。</translation>
    </message>
</context>
<context>
    <name>DifferentialTabs</name>
    <message>
        <source>For and against</source>
        <translation>支持与不支持</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>下一个问题</translation>
    </message>
    <message>
        <source>What if (W)</source>
        <translation>何以改变 (W)</translation>
    </message>
    <message>
        <source>Basis (F2)</source>
        <translation>依据 (F2)</translation>
    </message>
</context>
<context>
    <name>EvidenceModel</name>
    <message>
        <source>Absent: %1</source>
        <translation>无：%1</translation>
    </message>
    <message>
        <source>%1, speaks for it, log ratio %2, source %3</source>
        <translation>%1，支持，对数似然比 %2，来源 %3</translation>
    </message>
    <message>
        <source>%1, speaks against it, log ratio %2, source %3</source>
        <translation>%1，不支持，对数似然比 %2，来源 %3</translation>
    </message>
</context>
<context>
    <name>EvidencePanel</name>
    <message>
        <source>Evidence for and against</source>
        <translation>支持与不支持的证据</translation>
    </message>
    <message numerus="yes">
        <source>Show %n small contribution(s)</source>
        <translation>
            <numerusform>显示另外 %n 项影响很小的依据</numerusform>
        </translation>
    </message>
    <message>
        <source>Select a diagnosis to see what speaks for and against it.</source>
        <translation>选择一个诊断以查看支持和不支持的证据。</translation>
    </message>
    <message>
        <source>Log likelihood ratio: right of the line speaks for, left speaks against.</source>
        <translation>对数似然比：线右侧为支持，左侧为不支持。</translation>
    </message>
    <message>
        <source>Source: {title}</source>
        <translation>来源：{title}</translation>
    </message>
    <message>
        <source>No single finding was weighed for or against this diagnosis.</source>
        <translation>没有单项表现用于支持或反对该诊断。</translation>
    </message>
</context>
<context>
    <name>GapsPanel</name>
    <message>
        <source>Not checked: no table knows these</source>
        <translation>未核查：知识表中没有</translation>
    </message>
    <message>
        <source>Checks that could not be completed</source>
        <translation>未能完成的核查</translation>
    </message>
    <message>
        <source>Tables that were asked</source>
        <translation>所查询的知识表</translation>
    </message>
    <message>
        <source>Did you mean {names}?</source>
        <translation>您是否指 {names}？</translation>
    </message>
</context>
<context>
    <name>TableAgeWords</name>
    <message>
        <source>no date</source>
        <translation>无日期</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old</source>
        <translation>
            <numerusform>距今 %n 天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old, more than half a year</source>
        <translation>
            <numerusform>距今 %n 天，超过半年</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) old, more than a year</source>
        <translation>
            <numerusform>距今 %n 天，超过一年</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GenotypesPanel</name>
    <message>
        <source>Genotypes</source>
        <translation>基因型</translation>
    </message>
    <message>
        <source>Positions that were not read</source>
        <translation>未读取的位点</translation>
    </message>
    <message>
        <source>{gene}: not read, and changing nothing here: {names}</source>
        <translation>{gene}：未读取，但不影响此处结果：{names}</translation>
    </message>
</context>
<context>
    <name>NoMedication</name>
    <message>
        <source>No medication is recorded</source>
        <translation>未记录用药</translation>
    </message>
    <message>
        <source>What the patient already takes is checked here: interactions, allergies, kidney function, pregnancy, breast-feeding, age and dose. The drugs that a plan proposes are checked on the Plan page.</source>
        <translation>这里核查患者已在使用的药物：相互作用、过敏、肾功能、妊娠、哺乳、年龄和剂量。方案中建议的药物在方案页核查。</translation>
    </message>
    <message>
        <source>Add medication on the Case page</source>
        <translation>在病例页添加用药</translation>
    </message>
</context>
<context>
    <name>OptionModel</name>
    <message>
        <source>Worked out: %1</source>
        <translation>计算过程：%1</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Consider</source>
        <translation>可考虑</translation>
    </message>
    <message>
        <source>Safety check</source>
        <translation>安全核查</translation>
    </message>
    <message>
        <source>Benefit</source>
        <translation>获益</translation>
    </message>
    <message>
        <source>Harm</source>
        <translation>风险</translation>
    </message>
    <message>
        <source>Monitoring</source>
        <translation>监测</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
</context>
<context>
    <name>OptionTable</name>
    <message>
        <source>Treatment options</source>
        <translation>治疗选择</translation>
    </message>
</context>
<context>
    <name>OverridePanel</name>
    <message>
        <source>Why is the alert on {drugs} set aside?</source>
        <translation>为何忽略关于 {drugs} 的警示？</translation>
    </message>
    <message>
        <source>&amp;More, in your own words</source>
        <translation>补充说明(&amp;M)</translation>
    </message>
    <message>
        <source>More, in your own words</source>
        <translation>补充说明</translation>
    </message>
    <message>
        <source>Set the alert aside</source>
        <translation>忽略该警示</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回 (Esc)</translation>
    </message>
</context>
<context>
    <name>PlanMarkup</name>
    <message>
        <source>✎ your own words</source>
        <translation>✎ 您自己的话</translation>
    </message>
    <message>
        <source>No source. It will not print unless you adopt it.</source>
        <translation>没有来源。除非您采纳，否则不会打印。</translation>
    </message>
    <message>
        <source>✎ Set aside: </source>
        <translation>✎ 已忽略：</translation>
    </message>
    <message>
        <source>Adopted as own words</source>
        <translation>采纳为自己的话</translation>
    </message>
    <message>
        <source>Reworded</source>
        <translation>已改写</translation>
    </message>
    <message>
        <source>Alert set aside</source>
        <translation>已忽略警示</translation>
    </message>
    <message>
        <source>Left out, no source</source>
        <translation>省略，没有来源</translation>
    </message>
</context>
<context>
    <name>PlanPage</name>
    <message>
        <source>For the patient (H)</source>
        <translation>患者须知（H）</translation>
    </message>
    <message>
        <source>Plan for {diagnosis}</source>
        <translation>治疗方案：{diagnosis}</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>治疗方案</translation>
    </message>
    <message>
        <source>No plan yet. Choose a diagnosis on the Differential page and press P.</source>
        <translation>尚无方案。请在鉴别诊断页选择一个诊断并按 P。</translation>
    </message>
    <message>
        <source>Draft, not signed</source>
        <translation>草稿，未签名</translation>
    </message>
    <message>
        <source>Signed by {name}, {time}</source>
        <translation>{name} 已签名，{time}</translation>
    </message>
    <message>
        <source>Write it out</source>
        <translation>生成文字</translation>
    </message>
    <message>
        <source>Sign (Ctrl+Return)</source>
        <translation>签名 (Ctrl+回车)</translation>
    </message>
    <message>
        <source>Print (Ctrl+P)</source>
        <translation>打印 (Ctrl+P)</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
</context>
<context>
    <name>PlanTabs</name>
    <message>
        <source>Clinic's references</source>
        <translation>本院参考资料</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>评估指标</translation>
    </message>
    <message>
        <source>Measured at each visit</source>
        <translation>每次复诊评估</translation>
    </message>
    <message>
        <source>Alerts (C)</source>
        <translation>警示 (C)</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Basis (F2)</source>
        <translation>依据 (F2)</translation>
    </message>
    <message>
        <source>Changes against the previous plan</source>
        <translation>与上次方案相比的变化</translation>
    </message>
</context>
<context>
    <name>QuestionPanel</name>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Search in the answers</source>
        <translation>在回答中搜索</translation>
    </message>
    <message>
        <source>Confirm the ticked answers</source>
        <translation>确认所选回答</translation>
    </message>
    <message>
        <source>Ask another question</source>
        <translation>换一个问题</translation>
    </message>
    <message>
        <source>Lantern knows no further question that would change the decision.</source>
        <translation>Lantern 没有其他可能改变结论的问题。</translation>
    </message>
    <message>
        <source>Question {n} of {m}. </source>
        <translation>第 {n} 题，共 {m} 题。</translation>
    </message>
    <message>
        <source>Tick with the number keys, then confirm.</source>
        <translation>用数字键勾选，然后确认。</translation>
    </message>
    <message>
        <source>Answer with the number keys; the point key means the patient does not know.</source>
        <translation>用数字键回答；小数点键表示患者不清楚。</translation>
    </message>
    <message>
        <source>A yes speaks for: {diseases}. </source>
        <translation>答“是”支持：{diseases}。</translation>
    </message>
    <message>
        <source>May decide whether to treat {disease}. </source>
        <translation>可决定是否治疗：{disease}。</translation>
    </message>
</context>
<context>
    <name>RankingModel</name>
    <message>
        <source>candidate, no probability</source>
        <translation>候选，无概率</translation>
    </message>
    <message>
        <source>no vote</source>
        <translation>未参与</translation>
    </message>
    <message>
        <source>do not miss</source>
        <translation>不可漏诊</translation>
    </message>
</context>
<context>
    <name>ResultState</name>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止 (Esc)</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>重新运行</translation>
    </message>
    <message>
        <source>Reading the text</source>
        <translation>正在读取文本</translation>
    </message>
    <message>
        <source>Ranking the diagnoses</source>
        <translation>正在排序诊断</translation>
    </message>
    <message>
        <source>Building the plan table</source>
        <translation>正在生成方案表</translation>
    </message>
    <message>
        <source>Checking the drugs</source>
        <translation>正在核查药物</translation>
    </message>
    <message>
        <source>Loading the language model</source>
        <translation>正在加载语言模型</translation>
    </message>
    <message>
        <source>Writing sentences</source>
        <translation>正在撰写文字</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在处理</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>What had arrived before is kept and marked.</source>
        <translation>此前已得到的内容已保留并标记。</translation>
    </message>
    <message>
        <source>Run again to finish it.</source>
        <translation>重新运行以完成。</translation>
    </message>
    <message>
        <source>Out of date</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>The case has changed since this result was made.</source>
        <translation>此结果生成之后病例已更改。</translation>
    </message>
    <message>
        <source>Run again before using it.</source>
        <translation>使用前请重新运行。</translation>
    </message>
</context>
<context>
    <name>SentenceModel</name>
    <message>
        <source>No source, will not print: %1</source>
        <translation>没有来源，不会打印：%1</translation>
    </message>
    <message>
        <source>Your own words: %1</source>
        <translation>您自己的话：%1</translation>
    </message>
</context>
<context>
    <name>SentencePanel</name>
    <message>
        <source>Sentences of the plan</source>
        <translation>方案文字</translation>
    </message>
    <message>
        <source>Adopt as my words</source>
        <translation>采纳为我的话</translation>
    </message>
    <message>
        <source>Put in my words</source>
        <translation>用我的话改写</translation>
    </message>
    <message>
        <source>My &amp;words</source>
        <translation>我的话(&amp;W)</translation>
    </message>
    <message>
        <source>My words</source>
        <translation>我的话</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SignPanel</name>
    <message>
        <source>Sign as {name} ({role})</source>
        <translation>以 {name}（{role}）的身份签名</translation>
    </message>
    <message>
        <source>Sign the report (Ctrl+Return)</source>
        <translation>签署报告 (Ctrl+回车)</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回 (Esc)</translation>
    </message>
    <message>
        <source>Severe alerts without a reason, worst first</source>
        <translation>尚未说明理由的严重警示（最严重者在前）</translation>
    </message>
    <message>
        <source>What the signature changes from the draft</source>
        <translation>签名相对于草稿的变化</translation>
    </message>
    <message>
        <source>Signed by {name}, {time}.</source>
        <translation>{name} 已签名，{time}。</translation>
    </message>
    <message>
        <source>Only a clinician or the clinical lead may sign. Switch the user with Ctrl+L.</source>
        <translation>只有医生或临床负责人可以签名。按 Ctrl+L 切换用户。</translation>
    </message>
    <message numerus="yes">
        <source>%n severe alert(s) must be set aside with a reason before signing.</source>
        <translation>
            <numerusform>签名前须为 %n 条严重警示说明忽略理由。</numerusform>
        </translation>
    </message>
    <message>
        <source>Your signature changes this from the draft:</source>
        <translation>您的签名相对于草稿有以下变化：</translation>
    </message>
    <message>
        <source>You sign the draft as it is; nothing was changed.</source>
        <translation>您按原样签署草稿，没有任何改动。</translation>
    </message>
</context>
<context>
    <name>UncoveredPanel</name>
    <message>
        <source>Lantern has no treatment rows for {diagnosis}</source>
        <translation>Lantern 没有{diagnosis}的治疗条目</translation>
    </message>
    <message>
        <source>It proposes nothing here. These passages from its library may help:</source>
        <translation>此处不提出任何方案。资料库中的以下段落可能有帮助：</translation>
    </message>
    <message>
        <source>It proposes nothing here, and its library holds no passage on it.</source>
        <translation>此处不提出任何方案，资料库中也没有相关段落。</translation>
    </message>
</context>
<context>
    <name>WaitingFindings</name>
    <message>
        <source>Read from the text and not confirmed. Confirm or reject on the Case page, then run again.</source>
        <translation>由文本读取，尚未确认。请在病例页确认或拒绝后重新运行。</translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s) not counted</source>
        <translation>
            <numerusform>%n 项症状与体征未计入</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HandoutPanel</name>
    <message>
        <source>What goes on the patient&apos;s sheet?</source>
        <translation>患者须知上写哪些内容？</translation>
    </message>
    <message>
        <source>Advice, danger signs and the next visit are always on it. It is printed in the language of the screen.</source>
        <translation>生活建议、危险信号和下次就诊始终包含在内。按当前界面语言打印。</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>保存为 PDF</translation>
    </message>
    <message>
        <source>Print the sheet</source>
        <translation>打印患者须知</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回（Esc）</translation>
    </message>
</context>
</TS>
