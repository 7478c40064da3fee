<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AgeWords</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n month(s)</source>
        <translation>
            <numerusform>%n 个月</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n year(s)</source>
        <translation>
            <numerusform>%n 岁</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Code: {code}</source>
        <translation>代码：{code}</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>CaseForm</name>
    <message>
        <source>Measured at each visit</source>
        <translation>每次复诊评估</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Vital signs</source>
        <translation>生命体征</translation>
    </message>
    <message>
        <source>Body and organs</source>
        <translation>体格与脏器功能</translation>
    </message>
    <message>
        <source>Medications</source>
        <translation>当前用药</translation>
    </message>
    <message>
        <source>Allergies</source>
        <translation>过敏史</translation>
    </message>
    <message>
        <source>Past illnesses</source>
        <translation>既往史</translation>
    </message>
    <message>
        <source>Laboratory values</source>
        <translation>化验结果</translation>
    </message>
    <message>
        <source>Family history</source>
        <translation>家族史</translation>
    </message>
    <message>
        <source>Lifestyle</source>
        <translation>生活方式</translation>
    </message>
    <message>
        <source>Travel and region</source>
        <translation>旅行与地区</translation>
    </message>
    <message>
        <source>Follow-up</source>
        <translation>随访</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Birth date (YYYY-MM-DD)</source>
        <translation>出生日期（年-月-日）</translation>
    </message>
    <message>
        <source>Age (years)</source>
        <translation>年龄（岁）</translation>
    </message>
    <message>
        <source>Clinic number</source>
        <translation>病历号</translation>
    </message>
    <message>
        <source>Visit (YYYY-MM-DD)</source>
        <translation>就诊日期（年-月-日）</translation>
    </message>
    <message>
        <source>Pregnant</source>
        <translation>妊娠</translation>
    </message>
    <message>
        <source>Systolic</source>
        <translation>收缩压</translation>
    </message>
    <message>
        <source>Diastolic</source>
        <translation>舒张压</translation>
    </message>
    <message>
        <source>O₂ saturation</source>
        <translation>血氧饱和度</translation>
    </message>
    <message>
        <source>eGFR</source>
        <translation>eGFR</translation>
    </message>
    <message>
        <source>Places, separated by commas</source>
        <translation>去过的地方（用逗号分隔）</translation>
    </message>
    <message>
        <source>Emergency</source>
        <translation>急诊</translation>
    </message>
    <message>
        <source>Asked: none known</source>
        <translation>已询问：无已知过敏</translation>
    </message>
    <message>
        <source>Genotypes</source>
        <translation>基因型</translation>
    </message>
</context>
<context>
    <name>ReadingLines</name>
    <message>
        <source>In the text, not in the medication list: {names}</source>
        <translation>文中提到而用药清单中没有：{names}</translation>
    </message>
    <message>
        <source>Add to the &amp;medications</source>
        <translation>加入用药清单(&amp;M)</translation>
    </message>
</context>
<context>
    <name>CasePage</name>
    <message>
        <source>Draft kept</source>
        <translation>草稿已保存</translation>
    </message>
    <message>
        <source>Keeping…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Not a number.</source>
        <translation>不是数字。</translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s) not confirmed yet: not counted.</source>
        <translation>
            <numerusform>有 %n 项症状与体征尚未确认，未计入。</numerusform>
        </translation>
    </message>
    <message>
        <source>Enter confirms · Ctrl+Shift+Enter confirms all · F turns present/absent · Delete rejects</source>
        <translation>回车确认 · Ctrl+Shift+回车全部确认 · F 切换有无 · Delete 拒绝</translation>
    </message>
    <message>
        <source>Findings that Lantern reads in the text appear here for you to confirm.</source>
        <translation>Lantern 从文字中读出的症状与体征会列在这里，请您确认。</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>病例</translation>
    </message>
    <message>
        <source>What the patient tells</source>
        <translation>患者自述</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>症状与体征</translation>
    </message>
    <message>
        <source>Complaint, onset, course, examination, in English or Chinese or both.</source>
        <translation>主诉、起病、病程、查体；可用中文、英文或两者混写。</translation>
    </message>
    <message>
        <source>Add a finding and press Enter</source>
        <translation>输入一项症状或体征后按回车</translation>
    </message>
    <message>
        <source>Add a finding</source>
        <translation>添加症状或体征</translation>
    </message>
    <message>
        <source>Run differential</source>
        <translation>鉴别诊断</translation>
    </message>
    <message>
        <source>Enter in a field, or Ctrl+Enter</source>
        <translation>在输入框中按回车，或按 Ctrl+Enter</translation>
    </message>
    <message>
        <source>Confirm all as read</source>
        <translation>全部按读取结果确认</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Enter from anywhere on this page</source>
        <translation>在本页任意位置按 Ctrl+Shift+回车</translation>
    </message>
</context>
<context>
    <name>CaseProblems</name>
    <message>
        <source>Not possible: expected {low} to {high}.</source>
        <translation>不可能的数值：应在 {low} 至 {high} 之间。</translation>
    </message>
    <message>
        <source>Not a number.</source>
        <translation>不是数字。</translation>
    </message>
    <message>
        <source>Too long: at most {high} characters.</source>
        <translation>过长：最多 {high} 个字符。</translation>
    </message>
    <message>
        <source>Too many lines: at most {high}.</source>
        <translation>行数过多：最多 {high} 行。</translation>
    </message>
    <message>
        <source>Not a date. Write it as 2026-03-31.</source>
        <translation>不是日期。请写成 2026-03-31 的形式。</translation>
    </message>
    <message>
        <source>This date is in the future.</source>
        <translation>该日期在将来。</translation>
    </message>
    <message>
        <source>Born after the visit: check both dates.</source>
        <translation>出生日期晚于就诊日期：请核对两者。</translation>
    </message>
    <message>
        <source>Does not fit the birth date; the birth date counts.</source>
        <translation>与出生日期不符；以出生日期为准。</translation>
    </message>
    <message>
        <source>Must be below the systolic pressure: check both values.</source>
        <translation>应低于收缩压：请核对两个数值。</translation>
    </message>
    <message>
        <source>Weight and height hardly fit together: check both.</source>
        <translation>体重与身高不大相称：请核对两者。</translation>
    </message>
    <message>
        <source>Does not fit the sex: check both.</source>
        <translation>与性别不符：请核对两者。</translation>
    </message>
    <message>
        <source>Hardly fits the age: check both.</source>
        <translation>与年龄不大相符：请核对两者。</translation>
    </message>
    <message>
        <source>“None known” is ticked, but allergies are listed.</source>
        <translation>已勾选“无已知过敏”，但列有过敏项。</translation>
    </message>
    <message>
        <source>The same finding is confirmed and denied.</source>
        <translation>同一项症状既被确认又被否认。</translation>
    </message>
    <message>
        <source>Holds a broken character; type it again.</source>
        <translation>含有损坏的字符，请重新输入。</translation>
    </message>
    <message>
        <source>The name is missing in a line.</source>
        <translation>有一行缺少名称。</translation>
    </message>
</context>
<context>
    <name>ChipsModel</name>
    <message>
        <source>read as absent, not confirmed</source>
        <translation>读为“无”，未确认</translation>
    </message>
    <message>
        <source>read, not confirmed</source>
        <translation>读出，未确认</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>无</translation>
    </message>
    <message>
        <source>present</source>
        <translation>有</translation>
    </message>
</context>
<context>
    <name>GenotypesSection</name>
    <message>
        <source>Choose a variant file</source>
        <translation>选择变异文件</translation>
    </message>
    <message>
        <source>Variant files (*.vcf *.vcf.gz)</source>
        <translation>变异文件 (*.vcf *.vcf.gz)</translation>
    </message>
    <message>
        <source>Choose a variant file…</source>
        <translation>选择变异文件…</translation>
    </message>
    <message>
        <source>Take the file away</source>
        <translation>移除该文件</translation>
    </message>
    <message>
        <source>No variant file (VCF, GRCh38, one sample).</source>
        <translation>无变异文件（VCF，GRCh38，单一样本）。</translation>
    </message>
    <message>
        <source>Variant file: {name}. It stays where it is; the engine reads a copy without names.</source>
        <translation>变异文件：{name}。原文件保持不动；引擎只读取去除姓名的副本。</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>The password does not fit</source>
        <translation>密码不正确</translation>
    </message>
    <message>
        <source>Nothing was opened and nothing was changed.</source>
        <translation>没有打开任何内容，也没有任何改动。</translation>
    </message>
    <message>
        <source>Check Caps Lock and the user name, then try again, or use the recovery code.</source>
        <translation>请检查大写锁定键和用户名后重试，或使用恢复码。</translation>
    </message>
    <message>
        <source>The case file is damaged</source>
        <translation>病例文件已损坏</translation>
    </message>
    <message>
        <source>A check of the file failed, so Lantern did not open it. The file was left as it is.</source>
        <translation>文件未通过检查，因此 Lantern 没有打开它。文件保持原样。</translation>
    </message>
    <message>
        <source>Copy the whole data folder to a safe place, then restore the latest backup.</source>
        <translation>请把整个数据文件夹复制到安全的地方，然后恢复最近的备份。</translation>
    </message>
    <message>
        <source>This case file belongs to a newer Lantern</source>
        <translation>此病例文件属于较新版本的 Lantern</translation>
    </message>
    <message>
        <source>It was written by a newer version and was left untouched.</source>
        <translation>它由较新的版本写入，未作任何改动。</translation>
    </message>
    <message>
        <source>Install the newer Lantern on this computer, or open the backup made before the update.</source>
        <translation>请在本机安装较新的 Lantern，或打开升级前的备份。</translation>
    </message>
    <message>
        <source>There is no case file here</source>
        <translation>这里没有病例文件</translation>
    </message>
    <message>
        <source>The data folder holds no case file, or part of it is missing.</source>
        <translation>数据文件夹中没有病例文件，或缺少其中一部分。</translation>
    </message>
    <message>
        <source>Check that the drive is connected, choose another data folder, or restore a backup.</source>
        <translation>请检查磁盘是否已连接，选择其他数据文件夹，或恢复备份。</translation>
    </message>
    <message>
        <source>The case file is in use</source>
        <translation>病例文件正在使用中</translation>
    </message>
    <message>
        <source>Another Lantern has it open. Two at once could lose work.</source>
        <translation>另一个 Lantern 已打开它。同时打开两个可能丢失工作内容。</translation>
    </message>
    <message>
        <source>Close the other Lantern window, then try again.</source>
        <translation>请关闭另一个 Lantern 窗口，然后重试。</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>The last change is not saved yet. It is still on the screen.</source>
        <translation>最后的改动尚未保存，仍在屏幕上。</translation>
    </message>
    <message>
        <source>Free some space on the disk, then go on typing: Lantern saves again by itself.</source>
        <translation>请腾出磁盘空间，然后继续输入：Lantern 会自动再次保存。</translation>
    </message>
    <message>
        <source>Lantern cannot write into its data folder</source>
        <translation>Lantern 无法写入数据文件夹</translation>
    </message>
    <message>
        <source>It is read-only, belongs to another user, or is no folder. Nothing there was changed.</source>
        <translation>它是只读的、属于其他用户，或者不是文件夹。其中的内容没有任何改动。</translation>
    </message>
    <message>
        <source>Ask IT to make the folder writable, or start Lantern with another one.</source>
        <translation>请 IT 人员将该文件夹设为可写，或让 Lantern 使用其他文件夹启动。</translation>
    </message>
    <message>
        <source>The backup failed its own check</source>
        <translation>备份未通过自检</translation>
    </message>
    <message>
        <source>The new backup was thrown away. The case file itself is unharmed.</source>
        <translation>新备份已丢弃。病例文件本身未受影响。</translation>
    </message>
    <message>
        <source>Make the backup again to another drive.</source>
        <translation>请重新备份到另一个磁盘。</translation>
    </message>
    <message>
        <source>This case was changed elsewhere</source>
        <translation>此病例已在别处被修改</translation>
    </message>
    <message>
        <source>A newer revision was saved meanwhile. Yours is kept as a draft.</source>
        <translation>期间已保存了较新的版本。您的内容保留为草稿。</translation>
    </message>
    <message>
        <source>Open the case again from Today, compare, and enter what is missing.</source>
        <translation>请从“今日”重新打开该病例，比较后补录缺少的内容。</translation>
    </message>
    <message>
        <source>Your role does not allow this</source>
        <translation>您的角色无权进行此操作</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有任何改动。</translation>
    </message>
    <message>
        <source>Ask a clinician or the clinical lead to do it, or switch the user with Ctrl+L.</source>
        <translation>请由医生或临床负责人操作，或按 Ctrl+L 切换用户。</translation>
    </message>
    <message>
        <source>The report could not be made</source>
        <translation>无法生成报告</translation>
    </message>
    <message>
        <source>The printer or the folder refused it. The case is saved.</source>
        <translation>打印机或文件夹拒绝写入。病例已保存。</translation>
    </message>
    <message>
        <source>Check the printer or choose another folder, then print again.</source>
        <translation>请检查打印机或选择其他文件夹，然后重新打印。</translation>
    </message>
    <message>
        <source>The settings could not be read</source>
        <translation>无法读取设置</translation>
    </message>
    <message>
        <source>Lantern started with its standard settings. No case is affected.</source>
        <translation>Lantern 已按默认设置启动。病例不受影响。</translation>
    </message>
    <message>
        <source>Set the language and text size again; they will be saved anew.</source>
        <translation>请重新设置语言和字号；它们会被重新保存。</translation>
    </message>
    <message>
        <source>The engine did not understand the case</source>
        <translation>引擎无法理解该病例</translation>
    </message>
    <message>
        <source>The case is saved, but this entry could not be worked on.</source>
        <translation>病例已保存，但其中的内容无法处理。</translation>
    </message>
    <message>
        <source>Look for an unusual entry in the form and run again; if it stays, report this code.</source>
        <translation>请检查表单中不寻常的内容后重新运行；若仍出现，请报告此代码。</translation>
    </message>
    <message>
        <source>A value is outside what is possible</source>
        <translation>有数值超出可能范围</translation>
    </message>
    <message>
        <source>An age, a measurement or a dose in the case cannot be right.</source>
        <translation>病例中的年龄、测量值或剂量不可能正确。</translation>
    </message>
    <message>
        <source>Correct the fields marked in the form, then run again.</source>
        <translation>请更正表单中标出的项目，然后重新运行。</translation>
    </message>
    <message>
        <source>The text is too long</source>
        <translation>文字过长</translation>
    </message>
    <message>
        <source>Lantern reads up to 250,000 characters of a case. Nothing was cut off; nothing was read.</source>
        <translation>Lantern 每个病例最多读取 250,000 个字符。没有截断任何内容，也没有读取。</translation>
    </message>
    <message>
        <source>Shorten the text or split it into two visits, then run again.</source>
        <translation>请缩短文字或拆成两次就诊，然后重新运行。</translation>
    </message>
    <message>
        <source>No table knows this diagnosis</source>
        <translation>表格中没有此诊断</translation>
    </message>
    <message>
        <source>Lantern has no sourced treatment for it, so it proposes none.</source>
        <translation>Lantern 没有该诊断的有出处的治疗方案，因此不提出建议。</translation>
    </message>
    <message>
        <source>Choose a diagnosis from the list, or use your own guideline.</source>
        <translation>请从列表中选择诊断，或使用您自己的指南。</translation>
    </message>
    <message>
        <source>The variant file cannot be used</source>
        <translation>变异文件无法使用</translation>
    </message>
    <message>
        <source>It is damaged, for another genome build, or holds more than one person.</source>
        <translation>文件已损坏、属于其他基因组版本，或含有不止一个人的数据。</translation>
    </message>
    <message>
        <source>Ask the laboratory for a GRCh38 file of this patient alone.</source>
        <translation>请向实验室索取仅含该患者的 GRCh38 文件。</translation>
    </message>
    <message>
        <source>There is nothing to work on yet</source>
        <translation>还没有可供分析的内容</translation>
    </message>
    <message>
        <source>The case has no text and no findings.</source>
        <translation>该病例没有文字，也没有症状与体征。</translation>
    </message>
    <message>
        <source>Write what the patient tells you, or add a finding, then run again.</source>
        <translation>请写下患者的叙述或添加一项症状，然后重新运行。</translation>
    </message>
    <message>
        <source>The knowledge tables are missing</source>
        <translation>缺少知识表</translation>
    </message>
    <message>
        <source>Without them Lantern cannot rank, plan or check. Cases can still be recorded.</source>
        <translation>没有知识表，Lantern 无法排序、制定方案或核查。仍可记录病例。</translation>
    </message>
    <message>
        <source>Ask IT to install Lantern again; the cases stay as they are.</source>
        <translation>请信息技术人员重新安装 Lantern；病例保持原样。</translation>
    </message>
    <message>
        <source>The knowledge tables are damaged</source>
        <translation>知识表已损坏</translation>
    </message>
    <message>
        <source>They do not match their seal, so Lantern does not use them.</source>
        <translation>它们与封印不符，因此 Lantern 不使用它们。</translation>
    </message>
    <message>
        <source>No language model is installed</source>
        <translation>未安装语言模型</translation>
    </message>
    <message>
        <source>Ranking, plan table and drug checks work without it; worded sentences do not.</source>
        <translation>排序、方案表和用药核查不受影响；但无法撰写语句。</translation>
    </message>
    <message>
        <source>Ask IT to install a model pack.</source>
        <translation>请信息技术人员安装模型包。</translation>
    </message>
    <message>
        <source>The language model is damaged</source>
        <translation>语言模型已损坏</translation>
    </message>
    <message>
        <source>Its files differ from the signed list, so it was not loaded. Tables still work.</source>
        <translation>其文件与签名清单不符，因此未加载。各表格仍可使用。</translation>
    </message>
    <message>
        <source>Ask IT to install the model pack again.</source>
        <translation>请信息技术人员重新安装模型包。</translation>
    </message>
    <message>
        <source>The language model is not signed by a known key</source>
        <translation>语言模型没有已知密钥的签名</translation>
    </message>
    <message>
        <source>It was not loaded. Tables still work.</source>
        <translation>未加载。各表格仍可使用。</translation>
    </message>
    <message>
        <source>Ask the clinical lead to add the distributor&apos;s key, or IT to install another pack.</source>
        <translation>请临床负责人添加发布者的密钥，或请信息技术人员安装其他模型包。</translation>
    </message>
    <message>
        <source>The language model is too large for this computer</source>
        <translation>语言模型对这台电脑来说过大</translation>
    </message>
    <message>
        <source>It would not fit in memory and was not loaded. Tables still work.</source>
        <translation>内存放不下，因此未加载。各表格仍可使用。</translation>
    </message>
    <message>
        <source>Close other programs, or ask IT to install a smaller model pack.</source>
        <translation>请关闭其他程序，或请信息技术人员安装较小的模型包。</translation>
    </message>
    <message>
        <source>The computer ran out of memory</source>
        <translation>电脑内存不足</translation>
    </message>
    <message>
        <source>The run was stopped. Everything entered is saved.</source>
        <translation>本次运行已停止。输入的内容均已保存。</translation>
    </message>
    <message>
        <source>Close other programs and run again.</source>
        <translation>请关闭其他程序后重新运行。</translation>
    </message>
    <message>
        <source>The engine stopped in the middle of the run</source>
        <translation>引擎在运行途中停止</translation>
    </message>
    <message>
        <source>Everything entered is saved; the result is kept as interrupted.</source>
        <translation>输入的内容均已保存；结果按“已中断”保存。</translation>
    </message>
    <message>
        <source>Run again: the engine starts by itself. If it happens twice, tell IT this code.</source>
        <translation>请重新运行：引擎会自动启动。若再次发生，请把此代码告诉信息技术人员。</translation>
    </message>
    <message>
        <source>The engine did not answer any more</source>
        <translation>引擎不再响应</translation>
    </message>
    <message>
        <source>It was stopped. Everything entered is saved; the result is kept as interrupted.</source>
        <translation>引擎已被停止。输入的内容均已保存；结果按“已中断”保存。</translation>
    </message>
    <message>
        <source>The engine sent something unreadable</source>
        <translation>引擎发来了无法读取的内容</translation>
    </message>
    <message>
        <source>The run was stopped and nothing of it was used. Everything entered is saved.</source>
        <translation>本次运行已停止，未使用其中任何内容。输入的内容均已保存。</translation>
    </message>
    <message>
        <source>Run again. If it happens twice, ask IT to install Lantern again.</source>
        <translation>请重新运行。若再次发生，请信息技术人员重新安装 Lantern。</translation>
    </message>
    <message>
        <source>The engine could not start</source>
        <translation>引擎无法启动</translation>
    </message>
    <message>
        <source>Cases can be recorded and read, but not ranked, planned or checked.</source>
        <translation>可以记录和阅读病例，但无法排序、制定方案或核查。</translation>
    </message>
    <message>
        <source>Restart the computer. If it stays, ask IT to install Lantern again.</source>
        <translation>请重启电脑。若仍出现，请信息技术人员重新安装 Lantern。</translation>
    </message>
    <message>
        <source>The guided run did not come to its end</source>
        <translation>演示运行没有完成</translation>
    </message>
    <message>
        <source>A step of the demonstration failed. No clinic&apos;s case is affected.</source>
        <translation>演示中的一步失败了。诊所的病例不受影响。</translation>
    </message>
    <message>
        <source>Run it again; if it stays, report this code with what was printed.</source>
        <translation>请重新运行；若仍出现，请连同打印的内容报告此代码。</translation>
    </message>
    <message>
        <source>The translation is not installed</source>
        <translation>未安装翻译</translation>
    </message>
    <message>
        <source>The screen stays in English; no case is affected.</source>
        <translation>屏幕保持英文；病例不受影响。</translation>
    </message>
    <message>
        <source>Ask IT to install Lantern again.</source>
        <translation>请信息技术人员重新安装 Lantern。</translation>
    </message>
    <message>
        <source>The last run was interrupted</source>
        <translation>上次运行被中断</translation>
    </message>
    <message>
        <source>Lantern was closed or lost power before it ended. What had arrived is shown.</source>
        <translation>运行结束前 Lantern 被关闭或断电。已得到的内容显示如下。</translation>
    </message>
    <message>
        <source>Run again for a complete result.</source>
        <translation>请重新运行以得到完整结果。</translation>
    </message>
    <message>
        <source>Lantern made a mistake</source>
        <translation>Lantern 出现内部错误</translation>
    </message>
    <message>
        <source>This action was stopped. Everything saved before is safe; details are in the log.</source>
        <translation>此操作已停止。之前保存的内容均安全；详情见日志。</translation>
    </message>
    <message>
        <source>Try once more, and report this code with the log file.</source>
        <translation>请再试一次，并连同日志文件报告此代码。</translation>
    </message>
    <message>
        <source>Something failed that Lantern has no words for</source>
        <translation>发生了 Lantern 无法说明的故障</translation>
    </message>
    <message>
        <source>This action was stopped. Everything saved before is safe.</source>
        <translation>此操作已停止。之前保存的内容均安全。</translation>
    </message>
    <message>
        <source>Report this code with the log file.</source>
        <translation>请连同日志文件报告此代码。</translation>
    </message>
    <message>
        <source>“{typed}” is not in the dictionary</source>
        <translation>词典中没有“{typed}”</translation>
    </message>
    <message>
        <source>Write it into the story instead: it is kept, but the tables do not use it.</source>
        <translation>请把它写进自述中：内容会保留，但各表格不会使用它。</translation>
    </message>
    <message>
        <source>The report is saved</source>
        <translation>报告已保存</translation>
    </message>
    <message>
        <source>The clinic's own rates cannot be used</source>
        <translation>无法使用本诊所的发病率</translation>
    </message>
    <message>
        <source>The file does not fit the tables. Rankings start from the published rates.</source>
        <translation>该文件与知识表不符。排序将从已发表的发病率开始。</translation>
    </message>
    <message>
        <source>Ask the clinical lead to choose the file again on the Clinic page.</source>
        <translation>请临床负责人在“诊所”页重新选择文件。</translation>
    </message>
</context>
<context>
    <name>Navigation</name>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>病例</translation>
    </message>
    <message>
        <source>Differential</source>
        <translation>鉴别诊断</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核查</translation>
    </message>
    <message>
        <source>Switch the language  (F9)</source>
        <translation>切换语言（F9）</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Lock or switch the user  (Ctrl+L)</source>
        <translation>锁定或切换用户（Ctrl+L）</translation>
    </message>
    <message>
        <source>Clinic</source>
        <translation>诊所</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>PasswordEdit</name>
    <message>
        <source>Show the password</source>
        <translation>显示密码</translation>
    </message>
</context>
<context>
    <name>RecoverySheet</name>
    <message>
        <source>Lantern: recovery code of the case file</source>
        <translation>Lantern：病例文件恢复码</translation>
    </message>
    <message>
        <source>Whoever holds this sheet can open all cases. Lock it away, never beside the computer.</source>
        <translation>持有此纸的人可以打开所有病例。请锁好，切勿放在电脑旁。</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>Remove this line</source>
        <translation>删除此行</translation>
    </message>
</context>
<context>
    <name>RowsEditor</name>
    <message>
        <source>A line is not finished: its first field is needed, and numbers must be numbers.</source>
        <translation>有一行未填完：第一栏必填，数字栏须为数字。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Creating the encrypted case file…</source>
        <translation>正在创建加密的病例文件…</translation>
    </message>
    <message>
        <source>Type your name as it should stand under a report.</source>
        <translation>请输入您的姓名，它将署在报告下方。</translation>
    </message>
    <message numerus="yes">
        <source>At least %n characters.</source>
        <translation>
            <numerusform>至少 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passwords differ.</source>
        <translation>两次输入的密码不同。</translation>
    </message>
    <message numerus="yes">
        <source>Too short: at least %n characters.</source>
        <translation>
            <numerusform>过短：至少 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>Easy to guess. Three or four words that do not belong together are better.</source>
        <translation>容易被猜到。三四个互不相关的词更好。</translation>
    </message>
    <message>
        <source>Fair. A longer one is harder to guess.</source>
        <translation>尚可。更长的密码更难猜到。</translation>
    </message>
    <message>
        <source>Good.</source>
        <translation>良好。</translation>
    </message>
    <message>
        <source>Keep the recovery code</source>
        <translation>请保管恢复码</translation>
    </message>
    <message>
        <source>Set up the case file</source>
        <translation>设置病例文件</translation>
    </message>
    <message>
        <source>Lantern keeps all cases in one encrypted file on this computer. The first user is the clinical lead, who can add the others.</source>
        <translation>Lantern 把所有病例保存在本机的一个加密文件中。第一位用户为临床负责人，可添加其他用户。</translation>
    </message>
    <message>
        <source>Your &amp;name</source>
        <translation>您的姓名(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>密码(&amp;P)</translation>
    </message>
    <message>
        <source>Password &amp;again</source>
        <translation>再次输入密码(&amp;A)</translation>
    </message>
    <message>
        <source>Create the case file</source>
        <translation>创建病例文件</translation>
    </message>
    <message>
        <source>This code opens the case file when every password is forgotten. Lantern shows it only now. Without password and code, nobody can read the cases.</source>
        <translation>忘记所有密码时，可用此码打开病例文件。Lantern 只在此刻显示它。没有密码和恢复码，任何人都无法读取病例。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message numerus="yes">
        <source>Print it or write it down and lock it away. Then type its last %n characters.</source>
        <translation>
            <numerusform>请打印或抄写并锁好，然后输入它的最后 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Last characters of the code</source>
        <translation>恢复码的最后几位(&amp;L)</translation>
    </message>
    <message>
        <source>Start working</source>
        <translation>开始工作</translation>
    </message>
</context>
<context>
    <name>ShellWindow</name>
    <message>
        <source>Switch the language  (F9)</source>
        <translation>切换语言（F9）</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>No case open</source>
        <translation>未打开病例</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>（无姓名）</translation>
    </message>
    <message>
        <source>Allergy: {names}</source>
        <translation>过敏：{names}</translation>
    </message>
    <message>
        <source>Engine starting…</source>
        <translation>引擎启动中…</translation>
    </message>
    <message>
        <source>Engine stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>no language model</source>
        <translation>无语言模型</translation>
    </message>
    <message>
        <source>{model} and {n} small models</source>
        <translation>{model} 及 {n} 个小模型</translation>
    </message>
    <message>
        <source>Network blocked (seccomp)</source>
        <translation>网络已阻断（seccomp）</translation>
    </message>
    <message>
        <source>Network blocked (tripwire)</source>
        <translation>网络已阻断（监听拦截）</translation>
    </message>
    <message>
        <source>Network block: waiting for the engine</source>
        <translation>网络阻断：等待引擎</translation>
    </message>
    <message>
        <source>Network is not blocked</source>
        <translation>网络未阻断</translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n 条提示</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TodayModel</name>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Age, sex</source>
        <translation>年龄、性别</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>就诊</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>初步诊断</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>（无姓名）</translation>
    </message>
    <message>
        <source>open</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>ranked</source>
        <translation>已排序</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>已定方案</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>已签名</translation>
    </message>
    <message>
        <source>emergency</source>
        <translation>急诊</translation>
    </message>
    <message>
        <source>result interrupted</source>
        <translation>结果被中断</translation>
    </message>
    <message>
        <source>result out of date</source>
        <translation>结果已过时</translation>
    </message>
    <message>
        <source>allergy</source>
        <translation>过敏</translation>
    </message>
    <message>
        <source>pregnant</source>
        <translation>妊娠</translation>
    </message>
    <message>
        <source>draft not saved</source>
        <translation>草稿未保存</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message numerus="yes">
        <source>%n case(s)</source>
        <translation>
            <numerusform>%n 个病例</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>No name, number or text holds these words. Try fewer, or search all days.</source>
        <translation>姓名、病历号和文字中都没有这些词。请减少词数，或在所有日期中搜索。</translation>
    </message>
    <message>
        <source>No cases today yet</source>
        <translation>今天还没有病例</translation>
    </message>
    <message>
        <source>Ctrl+N starts a new case; All shows the earlier days.</source>
        <translation>按 Ctrl+N 新建病例；“全部”显示以前的日期。</translation>
    </message>
    <message>
        <source>The case file is empty</source>
        <translation>病例文件是空的</translation>
    </message>
    <message>
        <source>Ctrl+N starts the first case.</source>
        <translation>按 Ctrl+N 新建第一个病例。</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Search name, number or text  ( / )</source>
        <translation>搜索姓名、病历号或文字（ / ）</translation>
    </message>
    <message>
        <source>Search cases</source>
        <translation>搜索病例</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>新建病例</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>全部日期</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>病例</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Opening the case file…</source>
        <translation>正在打开病例文件…</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>请输入密码。</translation>
    </message>
    <message>
        <source>Type the code from the printed sheet.</source>
        <translation>请输入打印纸上的恢复码。</translation>
    </message>
    <message numerus="yes">
        <source>At least %n characters.</source>
        <translation>
            <numerusform>至少 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passwords differ.</source>
        <translation>两次输入的密码不同。</translation>
    </message>
    <message>
        <source>Unlock the case file</source>
        <translation>解锁病例文件</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>用户(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>密码(&amp;P)</translation>
    </message>
    <message>
        <source>The code on the printed sheet opens the case file as its clinical lead and sets a new password for them.</source>
        <translation>打印纸上的恢复码以临床负责人的身份打开病例文件，并为其设置新密码。</translation>
    </message>
    <message>
        <source>&amp;Recovery code</source>
        <translation>恢复码(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>新密码(&amp;N)</translation>
    </message>
    <message>
        <source>New password &amp;again</source>
        <translation>再次输入新密码(&amp;A)</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>I have forgotten my password</source>
        <translation>我忘记了密码</translation>
    </message>
    <message>
        <source>Set the new password</source>
        <translation>设置新密码</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>ClinicPage</name>
    <message>
        <source>Clinic</source>
        <translation>诊所</translation>
    </message>
    <message>
        <source>What rankings of common conditions start from in this clinic</source>
        <translation>本诊所常见病排序的起始依据</translation>
    </message>
    <message>
        <source>This clinic's own cases</source>
        <translation>本诊所的病例</translation>
    </message>
    <message>
        <source>Let this clinic's own confirmed cases move the ranking</source>
        <translation>让本诊所的确诊病例影响排序</translation>
    </message>
    <message>
        <source>A case counts once a clinician has signed its plan. The rates below weigh as much as fifty cases, so a few cases change little; a dangerous condition never falls below half of its rate.</source>
        <translation>医生签署方案后，该病例即计入。下列发病率的权重相当于五十例，因此少数病例影响很小；任何危险疾病都不会低于其发病率的一半。</translation>
    </message>
    <message>
        <source>How common conditions are here</source>
        <translation>本地疾病的常见程度</translation>
    </message>
    <message>
        <source>A file of the clinic's own rates by age, sex, place and month stands before the published ones, condition by condition. Its format is described beside Lantern's knowledge (priors).</source>
        <translation>诊所自己的发病率文件（按年龄、性别、地区和月份）逐病优先于已发表的发病率。其格式说明见 Lantern 知识库的 priors 目录。</translation>
    </message>
    <message>
        <source>Only the clinical lead can change what is on this page.</source>
        <translation>只有临床负责人可以更改本页内容。</translation>
    </message>
    <message>
        <source>The file was not taken: {why}</source>
        <translation>未采用该文件：{why}</translation>
    </message>
    <message>
        <source>Choose a file of own rates</source>
        <translation>选择本诊所的发病率文件</translation>
    </message>
    <message>
        <source>Go back to published rates</source>
        <translation>恢复使用已发表的发病率</translation>
    </message>
    <message>
        <source>No confirmed cases yet.</source>
        <translation>尚无确诊病例。</translation>
    </message>
    <message>
        <source>Choose the clinic's own priors</source>
        <translation>选择本诊所的先验概率文件</translation>
    </message>
    <message>
        <source>The engine is checking the file.</source>
        <translation>引擎正在检查该文件。</translation>
    </message>
    <message>
        <source>Published incidence rates, by age, sex, region and season where a source says so.</source>
        <translation>已发表的发病率；有来源说明时按年龄、性别、地区和季节区分。</translation>
    </message>
    <message>
        <source>{name}: {rows} own rows before the published rates.</source>
        <translation>{name}：{rows} 条自有数据优先于已发表的发病率。</translation>
    </message>
    <message numerus="yes">
        <source>%n confirmed case(s)</source>
        <translation>
            <numerusform>确诊病例 %n 例</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n further disease(s)</source>
        <translation>
            <numerusform>另有 %n 种疾病</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>writes words</source>
        <translation>生成文字</translation>
    </message>
    <message>
        <source>compares sentences</source>
        <translation>比较句子</translation>
    </message>
    <message>
        <source>compares sentences in many languages</source>
        <translation>比较多种语言的句子</translation>
    </message>
    <message>
        <source>sorts texts</source>
        <translation>文本分类</translation>
    </message>
    <message>
        <source>finds names</source>
        <translation>识别名称</translation>
    </message>
    <message>
        <source>finds answers</source>
        <translation>查找答案</translation>
    </message>
    <message>
        <source>rewrites texts</source>
        <translation>改写文本</translation>
    </message>
    <message>
        <source>helps another model to write</source>
        <translation>辅助另一个模型写作</translation>
    </message>
    <message>
        <source>measured: NOT PASSED, so it is not used</source>
        <translation>经测量：未通过，因此不使用</translation>
    </message>
    <message>
        <source>signed on this machine</source>
        <translation>由本机签名</translation>
    </message>
    <message>
        <source>signed by a distributor you added</source>
        <translation>由您添加的发布方签名</translation>
    </message>
    <message>
        <source>compared with its original: passed</source>
        <translation>与原模型对比：通过</translation>
    </message>
    <message>
        <source>compared with its original: NOT PASSED</source>
        <translation>与原模型对比：未通过</translation>
    </message>
    <message>
        <source>never compared with its original</source>
        <translation>从未与原模型对比</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>It is not used: {code}. Install it again.</source>
        <translation>未使用：{code}。请重新安装。</translation>
    </message>
    <message>
        <source>Check every byte</source>
        <translation>逐字节校验</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型说明</translation>
    </message>
    <message>
        <source>Back to version {version}</source>
        <translation>退回版本 {version}</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Choose the folder of a model pack</source>
        <translation>选择模型包所在的文件夹</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Install from a folder…</source>
        <translation>从文件夹安装…</translation>
    </message>
    <message>
        <source>Measure the speed</source>
        <translation>测量速度</translation>
    </message>
    <message>
        <source>Refused, and nothing was changed: {reason}</source>
        <translation>已拒绝，未作任何更改：{reason}</translation>
    </message>
    <message>
        <source>This machine: {device}</source>
        <translation>本机：{device}</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Checking every byte…</source>
        <translation>正在逐字节校验…</translation>
    </message>
    <message>
        <source>Copying, checking and trying the model…</source>
        <translation>正在复制、校验并试运行模型…</translation>
    </message>
    <message>
        <source>Going back…</source>
        <translation>正在退回…</translation>
    </message>
    <message>
        <source>Measuring; this takes up to a minute…</source>
        <translation>正在测量，最多需要一分钟…</translation>
    </message>
    <message>
        <source>Only packs with a signature this machine trusts are used.</source>
        <translation>只使用带有本机信任签名的模型包。</translation>
    </message>
    <message>
        <source>Installing and going back is for IT and the clinical lead.</source>
        <translation>安装和退回由 IT 人员和临床负责人进行。</translation>
    </message>
</context>
<context>
    <name>OutcomesSection</name>
    <message>
        <source>Not a date. Write it as 2026-03-31.</source>
        <translation>不是日期。请写成 2026-03-31。</translation>
    </message>
    <message>
        <source>Measured on (YYYY-MM-DD)</source>
        <translation>评估日期（年-月-日）</translation>
    </message>
</context>
<context>
    <name>MeasureField</name>
    <message>
        <source>Not kept: a number from {low} to {high} is expected.</source>
        <translation>未保存：应为 {low} 至 {high} 之间的数字。</translation>
    </message>
</context>
<context>
    <name>TierList</name>
    <message>
        <source>This machine: {device}</source>
        <translation>本机：{device}</translation>
    </message>
    <message>
        <source>Tables only</source>
        <translation>仅表格</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小型</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中型</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>0.1-1.5 B, 4 bit</source>
        <translation>1 亿至 15 亿参数，4 位</translation>
    </message>
    <message>
        <source>3-4 B, 4 bit</source>
        <translation>30 亿至 40 亿参数，4 位</translation>
    </message>
    <message>
        <source>3-8 B on the card</source>
        <translation>显卡上 30 亿至 80 亿参数</translation>
    </message>
    <message>
        <source>{name}: {does}</source>
        <translation>{name}：{does}</translation>
    </message>
    <message>
        <source>{name} ({model}): {does}</source>
        <translation>{name}（{model}）：{does}</translation>
    </message>
</context>
</TS>
